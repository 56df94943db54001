#define _GNU_SOURCE
#include "CLinuxNet.h"

// Not in CLinuxNet.c: glibc's netinet/tcp.h defines the same structure without the fields since Linux 4.2.
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

int64_t clinuxnet_data_segments_in(int fd) {
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0) return -errno;
    socklen_t needed = offsetof(struct tcp_info, tcpi_data_segs_in) + sizeof info.tcpi_data_segs_in;
    return length < needed ? -ENOTSUP : (int64_t)info.tcpi_data_segs_in;
}
