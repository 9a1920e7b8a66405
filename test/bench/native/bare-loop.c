// The bare baseline of the media bench: as many sockets as calls, drained every millisecond, each
// packet sent back on its connected socket. What no gateway on these system calls can undercut.
//
//   bare-loop <sockets>
//
// Says the ports it has. A line on standard input asks for: CPU us, packets received, packets sent.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_EVENTS = 1024, MOST_OCTETS = 2048, TICK_NS = 1000000, SECOND_NS = 1000000000 };

struct counts {
  long received;
  long sent;
};

static int open_socket(int epoll) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in here = {.sin_family = AF_INET};
  socklen_t size = sizeof here;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (fd < 0 || bind(fd, (struct sockaddr*)&here, sizeof here) != 0 ||
      getsockname(fd, (struct sockaddr*)&here, &size) != 0 ||
      epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
    perror("bare-loop");
    exit(1);
  }
  printf("%d ", ntohs(here.sin_port));
  return fd;
}

static void serve(int fd, char* connected, struct counts* counts) {
  unsigned char octets[MOST_OCTETS];
  struct sockaddr_storage from;
  for (;;) {
    socklen_t size = sizeof from;
    const int known = connected[fd];
    const ssize_t length = known ? recv(fd, octets, sizeof octets, 0)
                                 : recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr*)&from, &size);
    if (length <= 0) return;
    if (!known) connected[fd] = connect(fd, (struct sockaddr*)&from, size) == 0;
    counts->received++;
    counts->sent += send(fd, octets, (size_t)length, 0) == length;
  }
}

/** Whether to go on: an asker that is gone ends the program. */
static int answer(const struct counts* counts) {
  char line[64];
  if (read(STDIN_FILENO, line, sizeof line) <= 0) return 0;
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  const long us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec +
                  used.ru_stime.tv_usec;
  printf("%ld %ld %ld\n", us, counts->received, counts->sent);
  fflush(stdout);
  return 1;
}

int main(int count, char** words) {
  if (count != 2) {
    fprintf(stderr, "bare-loop <sockets>\n");
    return 2;
  }
  const int sockets = atoi(words[1]);
  const int epoll = epoll_create1(0);
  int highest = 0;
  for (int i = 0; i < sockets; i++) highest = open_socket(epoll);
  char* connected = calloc((size_t)highest + 1, 1);
  struct epoll_event in = {.events = EPOLLIN, .data.fd = STDIN_FILENO};
  if (connected == NULL || epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &in) != 0) return 1;
  prctl(PR_SET_TIMERSLACK, 1);
  puts("");
  fflush(stdout);

  struct counts counts = {0, 0};
  struct epoll_event* events = calloc(MOST_EVENTS, sizeof *events);
  struct timespec due;
  clock_gettime(CLOCK_MONOTONIC, &due);
  for (int going = events != NULL; going;) {
    due.tv_nsec += TICK_NS;
    if (due.tv_nsec >= SECOND_NS) {
      due.tv_sec++;
      due.tv_nsec -= SECOND_NS;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    const int ready = epoll_wait(epoll, events, MOST_EVENTS, 0);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == STDIN_FILENO) going = answer(&counts);
      else serve(events[i].data.fd, connected, &counts);
    }
  }
  free(events);
  free(connected);
  return 0;
}
