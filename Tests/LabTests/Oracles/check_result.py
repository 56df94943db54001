"""Holds results against the published JSON Schema, and their histograms against HdrHistogram's Python port.

usage: check_result.py SCHEMA RESULT...

Prints each disagreement and ends with 1 if there is one; the last line counts the histograms that were read.
"""
import json, math, sys
import jsonschema
from hdrh.histogram import HdrHistogram

PERCENTILES = {"p50": 50, "p90": 90, "p99": 99, "p99_9": 99.9, "p99_99": 99.99}
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
wrong, read = [], 0


def value(histogram, percentile):
    """The smallest value that so many per cent of the counts do not exceed; this port itself rounds ranks to the nearest."""
    count = histogram.get_total_count()
    rank = max(1, math.ceil(percentile * count / 100 - 1e-9))
    return histogram.get_value_at_percentile(100 * rank / count)


def look(place, part):
    """Every latency summary below a part of a result."""
    global read
    if isinstance(part, list):
        for index, item in enumerate(part):
            look(f"{place}[{index}]", item)
    elif isinstance(part, dict):
        for key, item in part.items():
            look(f"{place}.{key}", item)
        if not (isinstance(part.get("hdr"), str) and "p99_99" in part):
            return
        read += 1
        histogram = HdrHistogram.decode(part["hdr"])
        count = histogram.get_total_count()
        if count != part["count"]:
            wrong.append(f"{place}.count: {part['count']}, the Python port reads {count}")
        if count == 0:
            return
        for name, percentile in PERCENTILES.items():
            again = value(histogram, percentile)
            if not histogram.values_are_equivalent(again, part[name]):
                wrong.append(f"{place}.{name}: {part[name]}, the Python port reads {again}")


for path in sys.argv[2:]:
    result = json.load(open(path))
    for error in list(validator.iter_errors(result))[:10]:
        wrong.append(f"{path}: {error.json_path}: {error.message[:200]}")
    look(path, result)
for line in wrong:
    print(line)
print(f"{read} histograms")
sys.exit(1 if wrong else 0)
