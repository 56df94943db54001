// A DNS responder that costs as little as a responder can: it sets QR on what it gets and sends it back, in batches.
// It is the other end of peers, and shows how fast the generators are, not how fast a server is. On the
// transport that is measured it spins, so that waking it up is no part of the figures: give it a CPU of its own. On the
// other it sleeps, for those who look whether somebody is there.
//
// usage: echo PORT [udp|tcp [ADDRESS [sleep]]]     on 127.0.0.1 unless an address is given, until it is killed; with
// sleep it never spins, so that its CPU time tells what an answer costs
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <signal.h>
#include <unistd.h>

enum { SLOTS = 64, BYTES = 1024, STREAM = 1 << 18, MOST = 4096 };

static const char *address = "127.0.0.1";

static int bound(int port, int type) {
    int fd = socket(AF_INET, type, 0), one = 1, size = 8 << 20;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(address)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size)) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    }
    if (bind(fd, (struct sockaddr *)&at, sizeof at)) { perror("bind"); exit(1); }
    return fd;
}

static void serve_udp(int port, int spins) {
    static unsigned char slab[SLOTS][BYTES];
    static struct sockaddr_in peers[SLOTS];
    struct mmsghdr headers[SLOTS];
    struct iovec vectors[SLOTS];
    int fd = bound(port, SOCK_DGRAM);
    int got = SLOTS;
    for (;;) {
        for (int i = 0; i < got; i++) {
            vectors[i] = (struct iovec){slab[i], BYTES};
            headers[i].msg_hdr = (struct msghdr){
                .msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
        }
        got = recvmmsg(fd, headers, SLOTS, spins ? MSG_DONTWAIT : MSG_WAITFORONE, NULL);
        if (got < 0) got = 0;
        for (int i = 0; i < got; i++) {
            slab[i][2] |= 0x80;
            vectors[i].iov_len = headers[i].msg_len;
        }
        for (int sent = 0; sent < got;) {
            int n = sendmmsg(fd, headers + sent, got - sent, 0);
            sent += n > 0 ? n : 1;
        }
    }
}

struct stream { int held; unsigned char bytes[STREAM]; };

static void serve_tcp(int port, int spins) {
    static struct stream *streams[MOST];
    int listener = bound(port, SOCK_STREAM), poll = epoll_create1(0), one = 1;
    listen(listener, 1024);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, ready[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poll, ready, 64, spins ? 0 : -1);
        for (int i = 0; i < count; i++) {
            int fd = ready[i].data.fd;
            if (fd == listener) {
                int accepted = accept(listener, NULL, NULL);
                if (accepted < 0 || accepted >= MOST) { close(accepted); continue; }
                setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                streams[accepted] = calloc(1, sizeof *streams[accepted]);
                event = (struct epoll_event){.events = EPOLLIN, .data.fd = accepted};
                epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &event);
                continue;
            }
            struct stream *s = streams[fd];
            ssize_t got = recv(fd, s->bytes + s->held, STREAM - s->held, 0);
            if (got <= 0) { free(s); close(fd); continue; }
            s->held += got;
            int whole = 0;
            while (s->held - whole >= 2) {
                int length = s->bytes[whole] << 8 | s->bytes[whole + 1];
                if (s->held - whole < 2 + length) break;
                if (length > 2) s->bytes[whole + 4] |= 0x80;
                whole += 2 + length;
            }
            for (int sent = 0; sent < whole;) {
                ssize_t n = send(fd, s->bytes + sent, whole - sent, MSG_NOSIGNAL);
                if (n <= 0) break;
                sent += n;
            }
            memmove(s->bytes, s->bytes + whole, s->held - whole);
            s->held -= whole;
        }
    }
}

int main(int count, char **arguments) {
    if (count < 2) { fprintf(stderr, "usage: echo PORT [udp|tcp [ADDRESS]]\n"); return 64; }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int port = atoi(arguments[1]), tcp = count > 2 && !strcmp(arguments[2], "tcp");
    if (count > 3) address = arguments[3];
    int sleeps = count > 4 && !strcmp(arguments[4], "sleep");
    int other = fork() == 0;
    if (other) prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (tcp != other) serve_tcp(port, !other && !sleeps);
    else serve_udp(port, !other && !sleeps);
}
