/* Load for the proxy's benchmark: servers and clients that cost as little as can be.
 *
 *   load echo|sink|source PORT          a server; source sends until the client has closed
 *   load pingpong PORT CONNS SECONDS    64-byte round trips:  rate p50_us p99_us
 *   load up|down PORT MEGABYTES         one connection:       megabytes per second
 *   load churn PORT CONNS SECONDS       connect, 64 bytes there and back, close: rate
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 64, BUFFER = 256 * 1024, EVENTS = 256, SAMPLES = 1 << 20 };
static char buffer[BUFFER];
static float samples_us[SAMPLES];

static void fail(const char *what) { perror(what); exit(1); }

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static struct sockaddr_in address(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static int dial(int port) {
    struct sockaddr_in a = address(port);
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) < 0) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void watch(int epoll, int fd, int events) {
    struct epoll_event e = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) < 0) fail("epoll_ctl");
}

static void serve(const char *kind, int port) {
    struct sockaddr_in a = address(port);
    struct epoll_event events[EVENTS];
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) < 0) fail("bind");
    listen(listener, 1024);
    watch(epoll, listener, EPOLLIN);
    int writes = !strcmp(kind, "source"), answers = !strcmp(kind, "echo");
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (fd >= 0) watch(epoll, fd, writes ? EPOLLOUT : EPOLLIN);
                continue;
            }
            ssize_t n = writes ? send(fd, buffer, BUFFER, 0) : recv(fd, buffer, BUFFER, 0);
            if (n > 0 && answers) n = send(fd, buffer, n, 0);
            if (n == 0 || (n < 0 && errno != EAGAIN)) close(fd);
        }
    }
}

static void exchange(int fd) {
    ssize_t got = 0, n;
    if (send(fd, buffer, MESSAGE, 0) != MESSAGE) fail("send");
    while (got < MESSAGE) {
        if ((n = recv(fd, buffer, MESSAGE - got, 0)) <= 0) fail("recv");
        got += n;
    }
}

static int by_size(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void pingpong(int port, int conns, double seconds) {
    struct epoll_event events[EVENTS];
    static double sent_s[65536];
    int epoll = epoll_create1(0);
    for (int i = 0; i < conns; i++) {
        int fd = dial(port);
        exchange(fd);
        watch(epoll, fd, EPOLLIN);
        sent_s[fd] = now_s();
        if (send(fd, buffer, MESSAGE, 0) != MESSAGE) fail("send");
    }
    long count = 0;
    double start = now_s(), now = start;
    while (now - start < seconds) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (recv(fd, buffer, MESSAGE, 0) <= 0) fail("recv");
            now = now_s();
            samples_us[count++ % SAMPLES] = (now - sent_s[fd]) * 1e6;
            sent_s[fd] = now;
            if (send(fd, buffer, MESSAGE, 0) != MESSAGE) fail("send");
        }
    }
    long kept = count < SAMPLES ? count : SAMPLES;
    qsort(samples_us, kept, sizeof *samples_us, by_size);
    printf("%.1f %.1f %.1f\n", count / (now - start), samples_us[kept / 2],
           samples_us[kept - 1 - kept / 100]);
}

static void bulk(int up, int port, double megabytes) {
    double left = megabytes * 1e6, start;
    int fd = dial(port);
    ssize_t n;
    start = now_s();
    while (left > 0) {
        n = up ? send(fd, buffer, BUFFER, 0) : recv(fd, buffer, BUFFER, 0);
        if (n <= 0) fail("bulk");
        left -= n;
    }
    if (up) { /* the last byte counts when the server has it */
        shutdown(fd, SHUT_WR);
        if (recv(fd, buffer, 1, 0) < 0) fail("end");
    }
    printf("%.1f\n", megabytes / (now_s() - start));
}

static void churn(int port, int conns, double seconds) {
    /* conns processes, each one connection after another */
    int pipes[2];
    if (pipe(pipes) < 0) fail("pipe");
    for (int i = 0; i < conns; i++) {
        if (fork()) continue;
        long count = 0;
        for (double start = now_s(); now_s() - start < seconds; count++) {
            struct linger at_once = {1, 0};
            int fd = dial(port);
            exchange(fd);
            /* with a reset no port is left waiting, or they would run out */
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            close(fd);
        }
        if (write(pipes[1], &count, sizeof count) < 0) fail("write");
        _exit(0);
    }
    long total = 0, count;
    for (int i = 0; i < conns; i++) {
        if (read(pipes[0], &count, sizeof count) < 0) fail("read");
        total += count;
    }
    printf("%.1f\n", total / seconds);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    if (argc < 3) return 2;
    const char *what = argv[1];
    int port = atoi(argv[2]);
    if (argc == 3) serve(what, port);
    else if (!strcmp(what, "pingpong")) pingpong(port, atoi(argv[3]), atof(argv[4]));
    else if (!strcmp(what, "churn")) churn(port, atoi(argv[3]), atof(argv[4]));
    else bulk(!strcmp(what, "up"), port, atof(argv[3]));
    return 0;
}
