/* One HTTP/1.1 connection of a viewer: a request, and its response as it comes. */
#define _GNU_SOURCE
#include "viewers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROGRAM "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0.0.0 Safari/537.36"

static struct sockaddr_in server;
static char host_header[128];
static int events_fd;
double calendar_s;
long lost_connections;
enum saying saying;

void set_server(const char *host, const char *port) {
  server.sin_family = AF_INET;
  server.sin_port = htons((uint16_t)atoi(port));
  if (inet_pton(AF_INET, host, &server.sin_addr) != 1) die("HOST is an IPv4 address");
  snprintf(host_header, sizeof host_header, "%.100s:%s", host, port);
}

void open_connection(struct connection *c, int epoll_fd) {
  events_fd = epoll_fd;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0) die("socket");
  int on = 1;
  uint32_t host = ntohl(server.sin_addr.s_addr);
  if (c->loop->player && host >> 24 == 127) { /* as at home: connections of one address are bounded */
    struct sockaddr_in own = {.sin_family = AF_INET};
    own.sin_addr.s_addr = htonl((127u << 24) + (1u << 16) + c->loop->player->address);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(c->fd, (struct sockaddr *)&own, sizeof own) < 0) die("bind");
  }
  if (connect(c->fd, (struct sockaddr *)&server, sizeof server) < 0) die("connect");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(c->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event) < 0) die("epoll_ctl");
}

static void reopen(struct connection *c) {
  close(c->fd);
  open_connection(c, events_fd);
}

/* What hls.js says, with values that change as a player's do. */
static int write_cmcd(const struct connection *c, char *text, size_t room) {
  unsigned turn = (unsigned)(c->asked_s * 1000) + c->loop->viewer * 7919u;
  const char *form = saying == IN_QUERY
      ? "CMCD=bl%%3D%u00%%2Cbr%%3D4000%%2Cd%%3D200%%2Cmtp%%3D%u00%%2Cot%%3Dv%%2Csf%%3Dh"
        "%%2Csid%%3D%%22%08x-c457-11e9-bb97-0800200c9a66%%22%%2Cst%%3Dl"
      : "CMCD-Request: bl=%u00,mtp=%u00\r\nCMCD-Object: br=4000,d=200,ot=v\r\n"
        "CMCD-Session: sf=h,sid=\"%08x-c457-11e9-bb97-0800200c9a66\",st=l\r\n";
  return snprintf(text, room, form, 5 + turn % 20, 100 + turn % 400, c->loop->viewer);
}

static int write_get(const struct connection *c, const struct item *item, char *text, size_t room) {
  const char *encoding = c->loop->mode == FIXED_GZIP ? "Accept-Encoding: gzip\r\n" : "";
  char said[256] = "";
  if (saying != NOTHING) write_cmcd(c, said, sizeof said);
  const char *mark = saying != IN_QUERY ? "" : strchr(item->path, '?') ? "&" : "?";
  return snprintf(text, room,
                  "GET %s%s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: " PROGRAM "\r\n"
                  "Accept: */*\r\n%s%s\r\n",
                  item->path, mark, saying == IN_QUERY ? said : "", host_header,
                  saying == IN_FIELDS ? said : "", encoding);
}

/* The name behind `s=` in the query that the server has given the player. */
static const char *session_of(const struct player *p) {
  return strncmp(p->query, "s=", 2) ? "nobody-knows" : p->query + 2;
}

/* What the page of a channel sends every half minute, five times a second. */
static int write_beacon(const struct connection *c, char *text, size_t room) {
  struct loop *l = c->loop;
  long told = ++l->told;
  char body[900], sums[2][256];
  for (int i = 0; i < 2; i++)
    snprintf(sums[i], sizeof sums[i],
             "{\"startupMs\":%u,\"watchedMs\":%ld,\"stalls\":%ld,\"stalledMs\":%ld,"
             "\"switchesUp\":1,\"switchesDown\":0,\"droppedFrames\":%ld,\"decodedFrames\":%ld,"
             "\"errors\":{}}",
             400 + l->viewer % 900, (told - i) * 180, (told - i) / 45, (told - i) / 45 * 300,
             (told - i) / 5, (told - i) * 5);
  int length = snprintf(
      body, sizeof body,
      "{\"v\":1,\"session\":\"%s\",\"seq\":%ld,\"channel\":\"%s\",\"player\":\"hls.js\","
      "\"language\":\"de-AT\",\"bitrateKbps\":4000,\"latencyMs\":%u,\"total\":%s,\"told\":%s}",
      session_of(l->player), told, l->playlist,
      1200 + l->viewer % 700, sums[0], told > 1 ? sums[1] : "null");
  return snprintf(text, room,
                  "POST /api/beacon HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n"
                  "User-Agent: " PROGRAM "\r\n"
                  "Accept: */*\r\nContent-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n"
                  "Accept-Language: de-AT,de;q=0.9,en;q=0.8\r\n\r\n%s",
                  host_header, length, body);
}

void ask(struct connection *c, const struct item *item) {
  char request[PATH_BYTES + 2048];
  c->asked_s = now_s();
  int is_beacon = c->loop->mode == BEACON && !*item->path;
  int length = is_beacon ? write_beacon(c, request, sizeof request)
                                       : write_get(c, item, request, sizeof request);
  c->asked = *item;
  c->is_busy = 1;
  c->in_body = c->is_chunked = c->closes = 0;
  c->head_used = c->body_used = c->tail_used = 0;
  c->body_bytes = 0;
  c->first_byte_s = 0;
  if (send(c->fd, request, (size_t)length, MSG_NOSIGNAL) != length) {
    lost_connections++;
    reopen(c);
    if (send(c->fd, request, (size_t)length, MSG_NOSIGNAL) != length) die("send");
  }
}

static void keep_tail(struct connection *c, const char *bytes, size_t count) {
  if (count >= TAIL_BYTES) {
    memcpy(c->tail, bytes + count - TAIL_BYTES, TAIL_BYTES);
    c->tail_used = TAIL_BYTES;
    return;
  }
  size_t kept = c->tail_used + count > TAIL_BYTES ? TAIL_BYTES - count : c->tail_used;
  memmove(c->tail, c->tail + c->tail_used - kept, kept);
  memcpy(c->tail + kept, bytes, count);
  c->tail_used = kept + count;
}

static void take_body(struct connection *c, const char *bytes, size_t count) {
  c->body_bytes += (long)count;
  if (c->kind == MEDIA || (c->loop->mode >= FIXED && !c->loop->is_starting)) {
    keep_tail(c, bytes, count);
    return;
  }
  if (c->body_used + count + 1 > c->body_room) {
    c->body_room = (c->body_used + count + 1) * 2;
    c->body = realloc(c->body, c->body_room);
    if (!c->body) die("realloc");
  }
  memcpy(c->body + c->body_used, bytes, count);
  c->body_used += count;
}

/* Take bytes that follow the head. Returns 1 when they end the response. */
static int take_content(struct connection *c, const char *bytes, size_t count) {
  while (count) {
    if (c->is_chunked && c->left_bytes < 0) { /* in a size line; its digits gather in `head` */
      char letter = *bytes++;
      count--;
      if (letter != '\n') {
        if (c->head_used < 32) c->head[c->head_used++] = letter;
        continue;
      }
      c->head[c->head_used] = 0;
      int is_empty = c->head_used <= 1; /* the line end behind a chunk */
      long size = strtol(c->head, NULL, 16);
      c->head_used = 0;
      if (is_empty) continue;
      if (size == 0) return 1;
      c->left_bytes = size;
      continue;
    }
    size_t taken = count < (size_t)c->left_bytes ? count : (size_t)c->left_bytes;
    take_body(c, bytes, taken);
    bytes += taken;
    count -= taken;
    c->left_bytes -= (long)taken;
    if (c->left_bytes == 0) {
      if (!c->is_chunked) return 1;
      c->left_bytes = -1;
    }
  }
  return !c->is_chunked && c->left_bytes == 0;
}

/* Take the head of a response. Returns 1 if the response ends with what came. */
static int take_head(struct connection *c) {
  c->head[c->head_used] = 0;
  char *end = strstr(c->head, "\r\n\r\n");
  if (!end) {
    if (c->head_used >= HEAD_BYTES - 1) die("a response head is too long");
    return 0;
  }
  *end = 0;
  c->status = atoi(c->head + 9);
  char *length = strcasestr(c->head, "\r\ncontent-length:");
  c->left_bytes = length ? atol(length + 17) : 0;
  c->is_chunked = !length && strcasestr(c->head, "\r\ntransfer-encoding: chunked") != NULL;
  c->closes = strcasestr(c->head, "\r\nconnection: close") != NULL;
  if (c->is_chunked) c->left_bytes = -1;
  c->in_body = 1;
  char rest[HEAD_BYTES];
  size_t rest_bytes = c->head_used - (size_t)(end + 4 - c->head);
  memcpy(rest, end + 4, rest_bytes);
  c->head_used = 0;
  return take_content(c, rest, rest_bytes);
}

/* Take bytes out of the socket, and note when the kernel got them: that is when a viewer with a
 * processor of its own has them, while here a thousand viewers share one. Where the kernel does not
 * say it is now. */
static ssize_t take(struct connection *c, void *bytes, size_t count, int flags) {
  union {
    char room[CMSG_SPACE(sizeof(struct timespec))];
    struct cmsghdr aligned;
  } control;
  struct iovec piece = {.iov_base = bytes, .iov_len = count};
  struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control.room,
                           .msg_controllen = sizeof control.room};
  ssize_t taken = recvmsg(c->fd, &message, MSG_DONTWAIT | flags);
  if (taken <= 0) return taken;
  struct cmsghdr *said = CMSG_FIRSTHDR(&message);
  if (said && said->cmsg_level == SOL_SOCKET && said->cmsg_type == SCM_TIMESTAMPNS) {
    struct timespec t;
    memcpy(&t, CMSG_DATA(said), sizeof t);
    c->arrived_s = (double)t.tv_sec + (double)t.tv_nsec * 1e-9 - calendar_s;
  } else {
    c->arrived_s = now_s();
  }
  return taken;
}

void receive(struct connection *c) {
  static char buffer[1 << 16];
  for (;;) {
    ssize_t count;
    int is_over = 0;
    if (!c->in_body) {
      count = take(c, c->head + c->head_used, HEAD_BYTES - 1 - c->head_used, 0);
      if (count > 0) {
        if (c->first_byte_s == 0) c->first_byte_s = c->arrived_s;
        c->head_used += (size_t)count;
        is_over = take_head(c);
      }
    } else if (c->kind == MEDIA && !c->is_chunked && c->left_bytes > TAIL_BYTES) {
      /* tcp(7): MSG_TRUNC throws the bytes away instead of copying them. */
      size_t wanted = (size_t)c->left_bytes - TAIL_BYTES;
      count = take(c, NULL, wanted, MSG_TRUNC);
      if (count > 0) {
        c->left_bytes -= count;
        c->body_bytes += count;
        c->tail_used = 0;
      }
    } else {
      size_t wanted = sizeof buffer;
      if (!c->is_chunked && (size_t)c->left_bytes < wanted) wanted = (size_t)c->left_bytes;
      count = take(c, buffer, wanted, 0);
      if (count > 0) is_over = take_content(c, buffer, (size_t)count);
    }
    if (is_over) {
      if (c->closes) reopen(c);
      finish_response(c);
      return;
    }
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      lost_connections++;
      reopen(c);
      if (c->is_busy) lose_response(c);
      return;
    }
  }
}

