// What Swift cannot call itself: variadic calls, macros, packed structs and headers outside the Glibc module.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// `struct epoll_event` is packed on x86-64; Swift sees the event's mask and its 64-bit token through these.
static inline struct epoll_event clinux_epoll_event(uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return event;
}

static inline uint64_t clinux_epoll_token(const struct epoll_event *event) { return event->data.u64; }

/// Waits with nanosecond precision (epoll_pwait2, Linux 5.11); falls back to milliseconds, rounded up, on older kernels.
/// A negative `nanoseconds` waits without limit.
int clinux_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds);

/// recvfrom, sendto and sendmsg of two pieces without SIGPIPE, on non-blocking sockets. Not through glibc's functions:
/// those are cancellation points, which cost four atomic operations a call in a process with threads.
ssize_t clinux_receive(int descriptor, void *memory, size_t count, int flags);
ssize_t clinux_send(int descriptor, const void *memory, size_t count);
ssize_t clinux_send_two(int descriptor, const void *first, size_t first_count, const void *second, size_t second_count);

/// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC.
int clinux_accept(int listener, struct sockaddr *peer, socklen_t *length);

/// A TCP or Unix stream socket, non-blocking, closed on exec.
static inline int clinux_stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/// `fcntl(descriptor, command, argument)`.
static inline int clinux_fcntl(int descriptor, int command, int argument) {
    return fcntl(descriptor, command, argument);
}

/// A program that is started with these actions gets no descriptor from `first` on (glibc 2.34).
int clinux_spawn_closing_from(posix_spawn_file_actions_t *actions, int first);

/// A pipe, both ends closed on exec.
int clinux_pipe(int ends[2]);

/// As many descriptors go with one packet: a worker process has 64 workers at most.
#define CLINUX_MOST_PASSED 64

/// Two ends between processes that take whole packets (SOCK_SEQPACKET), non-blocking, closed on exec.
int clinux_packet_pair(int ends[2]);

/// A packet, and descriptors that the other side gets copies of (SCM_RIGHTS, unix(7)).
ssize_t clinux_send_packet(int socket, const void *memory, size_t count, const int *passed, int passed_count);

/// A packet and its descriptors, at most CLINUX_MOST_PASSED, closed on exec.
ssize_t clinux_receive_packet(int socket, void *memory, size_t count, int *passed, int *passed_count);

/// Cores that this process may run on.
int clinux_usable_cores(void);

/// A file that exists only in memory, closed on exec.
int clinux_memory_file(const char *name);

/// Monotonic time in nanoseconds.
static inline uint64_t clinux_monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/// Unix time in nanoseconds.
static inline uint64_t clinux_wall_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/// The signal is sent to this process when its parent thread ends.
static inline int clinux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

/// Names the calling thread as `top -H` and `perf` show it; at most 15 bytes.
static inline int clinux_name_thread(const char *name) { return prctl(PR_SET_NAME, name); }

/// Timed waits of the calling thread end within a nanosecond or so of their time, not within the usual 50 µs.
static inline int clinux_wait_precisely(void) { return prctl(PR_SET_TIMERSLACK, 1ul); }

/// Unmaps the pages of program and libraries that hold code, which are mapped again when they are used. What was written
/// to is not touched.
void clinux_give_back_code(void);

static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_code(int status) { return WEXITSTATUS(status); }
static inline int clinux_signaled(int status) { return WIFSIGNALED(status); }
static inline int clinux_term_signal(int status) { return WTERMSIG(status); }
