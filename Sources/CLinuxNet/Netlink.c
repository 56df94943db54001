#define _GNU_SOURCE
#include "CLinuxNet.h"

// Shims for what the kernel tells over netlink and through raw sockets' options; they only ever ask.
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

int clinuxnet_netlink(int protocol) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    return fd < 0 ? -errno : fd;
}

int clinuxnet_raw_socket(void) {
    int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    return fd < 0 ? -errno : fd;
}

int clinuxnet_ip_option(int fd, int option, void *bytes, uint32_t *count) {
    socklen_t length = *count;
    if (getsockopt(fd, IPPROTO_IP, option, bytes, &length) < 0) return -errno;
    *count = length;
    return 0;
}
