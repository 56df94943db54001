"""What HdrHistogram's Python port reads in an interval log, by tag and as JSON.

usage: interval_log.py FILE

For each tag: start and length of each interval in seconds since the log's base, the count of each, and of their sum the
count and some percentiles.
"""
import json, math, sys
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

PERCENTILES = [50, 90, 99, 99.9, 100]


def value(histogram, percentile):
    """The smallest value that so many per cent of the counts do not exceed; this port itself rounds ranks to the nearest."""
    count = histogram.get_total_count()
    rank = max(1, math.ceil(percentile * count / 100 - 1e-9))
    return histogram.get_value_at_percentile(100 * rank / count)


path = sys.argv[1]
reader = HistogramLogReader(path, HdrHistogram(1, 60_000_000_000, 3))
tags = {}
while True:
    histogram = reader.get_next_interval_histogram()
    if histogram is None:
        break
    tag = tags.setdefault(histogram.get_tag(), {
        "sum": HdrHistogram(1, 60_000_000_000, 3), "starts": [], "lengths": [], "counts": []})
    tag["sum"].add(histogram)
    start, end = (stamp / 1000 for stamp in (histogram.get_start_time_stamp(), histogram.get_end_time_stamp()))
    tag["starts"].append(start - reader.base_time_sec)
    tag["lengths"].append(end - start)
    tag["counts"].append(histogram.get_total_count())
for tag in tags.values():
    whole = tag.pop("sum")
    tag["count"] = whole.get_total_count()
    tag["percentiles"] = [value(whole, percentile) for percentile in PERCENTILES]
# The reader ends without a word at what it cannot read; so every line with a histogram must have been counted.
with open(path) as log:
    lines = sum("HISTF" in line for line in log)
print(json.dumps({"tags": tags, "lines": lines}))
