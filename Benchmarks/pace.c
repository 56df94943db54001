// A bare open loop: one datagram each period, the clock spun on between, answers read and thrown away. It shows how
// evenly this machine lets any program send, so that nldns' own distances are not blamed for the machine's.
// usage: pace ADDRESS PORT PERIOD_NS COUNT
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "usage: pace ADDRESS PORT PERIOD_NS COUNT\n"), 64;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
    if (inet_pton(AF_INET, words[1], &to.sin_addr) != 1) return fprintf(stderr, "pace: no address: %s\n", words[1]), 64;
    long period = atol(words[3]), sends = atol(words[4]);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to)) return perror("pace"), 1;
    unsigned char query[] = "\0\0\1\0\0\1\0\0\0\0\0\0\4pace\4test\0\0\1\0", answer[512];
    long start = now() + 1000000;
    for (long n = 0; n < sends; n++) {
        while (now() < start + n * period)
            recv(fd, answer, sizeof answer, MSG_DONTWAIT);
        query[0] = n >> 8, query[1] = n;
        if (send(fd, query, sizeof query - 1, 0) < 0) return perror("pace: send"), 1;
    }
    return 0;
}
