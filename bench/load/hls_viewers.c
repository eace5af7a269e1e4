/* Many HLS viewers in one process, each asking as hls.js does; a load maker must be cheaper than
 * what it loads, and a thousand viewers are woken at one moment.
 *
 *     hls_viewers HOST PORT SECONDS RECORDS < LINES
 *
 * Each line is `MODE COUNT PATH`:
 *   follow    a media playlist: a blocking request for the next part; when it is answered, at once
 *             the one after that, and on a second connection the new part. A playlist without
 *             CAN-BLOCK-RELOAD is polled, and its new segments are fetched.
 *   saturate  the same requests, but for what is there already, without a pause.
 *   fixed     one resource over and over. With `gzip` for `fixed`, compressed if the server can.
 *
 * RECORDS is written in the end, a `struct record` for each response; a summary goes to stdout.
 * HTTP/1.1 only. Bodies of media are thrown away inside the kernel, but for their last bytes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TAIL_BYTES = 16, HEAD_BYTES = 4096, PATH_BYTES = 256, QUEUE = 32, EVENTS = 512 };
enum mode { FOLLOW, SATURATE, FIXED, FIXED_GZIP };
enum kind { PLAYLIST, MEDIA };
static const double RETRY_S = 0.5, RAMP_S = 2.0, TICK_S = 0.02;

/* One response. Times are CLOCK_MONOTONIC seconds; the layout is read by hls_viewers.py. */
struct record {
  double asked_s, first_byte_s, last_byte_s;
  uint32_t rendition, viewer;
  int32_t msn, part; /* what was asked for; -1: nothing special, or a whole segment */
  uint32_t body_bytes;
  uint16_t status;
  uint8_t kind, was_known; /* was_known: a playlist whose answer brought nothing new */
  uint8_t tail[TAIL_BYTES];
};

struct item { int32_t msn, part; char path[PATH_BYTES]; };

struct loop;
struct connection {
  struct loop *loop;
  enum kind kind;
  int fd, is_busy, is_chunked, in_body, closes;
  struct item asked;
  double asked_s, first_byte_s;
  int status;
  long body_bytes, left_bytes; /* left: of the body, or of the chunk; -1: size line is awaited */
  char head[HEAD_BYTES];
  size_t head_used;
  char *body;
  size_t body_used, body_room;
  uint8_t tail[TAIL_BYTES];
  size_t tail_used;
};

/* One viewer's work on one media playlist. */
struct loop {
  enum mode mode;
  uint32_t rendition, viewer;
  char playlist[PATH_BYTES], folder[PATH_BYTES];
  int32_t msn, part; /* the newest that is known; part -1: the whole segment */
  int has_seen, can_block, can_skip, next_is_new_segment;
  double target_s, due_s; /* due: when to ask for the playlist again; 0: now running */
  struct item queue[QUEUE];
  int queued;
  struct item newest;
  struct connection playlist_side, media_side;
};

static struct sockaddr_in server;
static char host_header[128];
static int epoll_fd;
static struct record *records;
static size_t record_count, record_room;
static long lost_connections, errors;

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void open_connection(struct connection *c) {
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0) die("socket");
  if (connect(c->fd, (struct sockaddr *)&server, sizeof server) < 0) die("connect");
  int on = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event) < 0) die("epoll_ctl");
}

static void reopen(struct connection *c) {
  close(c->fd);
  open_connection(c);
}

static void ask(struct connection *c, const struct item *item) {
  const char *encoding = c->loop->mode == FIXED_GZIP ? "Accept-Encoding: gzip\r\n" : "";
  char request[PATH_BYTES + 512];
  int length = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n%s\r\n", item->path,
                        host_header, encoding);
  c->asked = *item;
  c->is_busy = 1;
  c->in_body = c->is_chunked = c->closes = 0;
  c->head_used = c->body_used = c->tail_used = 0;
  c->body_bytes = 0;
  c->first_byte_s = 0;
  c->asked_s = now_s();
  if (send(c->fd, request, (size_t)length, MSG_NOSIGNAL) != length) {
    lost_connections++;
    reopen(c);
    if (send(c->fd, request, (size_t)length, MSG_NOSIGNAL) != length) die("send");
  }
}

/* Ask for the playlist; how, hls.js's level-details and base-playlist-controller say. */
static void ask_playlist(struct loop *l) {
  struct item item = {.msn = -1, .part = -1};
  if (!l->has_seen || !l->can_block) {
    snprintf(item.path, sizeof item.path, "%s", l->playlist);
  } else {
    if (l->mode == SATURATE) {
      item.msn = l->msn;
      item.part = l->part;
    } else {
      item.msn = l->next_is_new_segment ? l->msn + 1 : l->msn;
      item.part = l->next_is_new_segment ? 0 : l->part + 1;
    }
    snprintf(item.path, sizeof item.path, "%.200s?_HLS_msn=%d&_HLS_part=%d%s", l->playlist,
             item.msn, item.part, l->can_skip ? "&_HLS_skip=YES" : "");
  }
  l->due_s = 0;
  ask(&l->playlist_side, &item);
}

static void ask_media(struct loop *l) {
  if (l->media_side.is_busy) return;
  if (l->queued) {
    struct item item = l->queue[0];
    memmove(l->queue, l->queue + 1, sizeof *l->queue * (size_t)--l->queued);
    ask(&l->media_side, &item);
  } else if (l->mode == SATURATE && l->newest.path[0]) {
    ask(&l->media_side, &l->newest);
  }
}

static void resolve(struct loop *l, struct item *item, const char *uri, size_t length) {
  if (length && *uri == '/')
    snprintf(item->path, sizeof item->path, "%.*s", (int)length, uri);
  else
    snprintf(item->path, sizeof item->path, "%.120s%.*s", l->folder, (int)length, uri);
}

static void take_item(struct loop *l, struct item *item) {
  l->newest = *item;
  if (l->mode == FOLLOW && l->has_seen && l->queued < QUEUE) l->queue[l->queued++] = *item;
}

static int is_tag(const char *line, const char *tag) {
  return strncmp(line, tag, strlen(tag)) == 0;
}

/* Read a playlist; take what is new. Returns whether anything was. */
static int read_playlist(struct loop *l, char *text) {
  int32_t msn = 0, part = -1, last_msn = l->msn, last_part = l->part;
  int brought = 0, ended_with_segment = 0, has_parts = 0;
  struct item item;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    if (is_tag(line, "#EXT-X-PART:")) {
      char *uri = strstr(line, "URI=\"");
      if (!uri) continue;
      uri += 5;
      part++;
      has_parts = 1;
      ended_with_segment = 0;
      if (msn > last_msn || (msn == last_msn && part > last_part)) {
        item.msn = last_msn = msn;
        item.part = last_part = part;
        resolve(l, &item, uri, strcspn(uri, "\""));
        take_item(l, &item);
        brought = 1;
      }
    } else if (*line != '#' && *line) {
      if (!l->can_block && msn > last_msn) {
        item.msn = last_msn = msn;
        item.part = -1;
        resolve(l, &item, line, strcspn(line, "\r"));
        take_item(l, &item);
        brought = 1;
      }
      msn++;
      part = -1;
      ended_with_segment = 1;
    } else if (is_tag(line, "#EXT-X-MEDIA-SEQUENCE:")) {
      msn = atoi(line + 22);
    } else if (is_tag(line, "#EXT-X-TARGETDURATION:")) {
      l->target_s = atof(line + 22);
    } else if (is_tag(line, "#EXT-X-SKIP:")) {
      char *count = strstr(line, "SKIPPED-SEGMENTS=");
      if (count) msn += atoi(count + 17);
    } else if (is_tag(line, "#EXT-X-SERVER-CONTROL:")) {
      l->can_block = strstr(line, "CAN-BLOCK-RELOAD=YES") != NULL;
      l->can_skip = strstr(line, "CAN-SKIP-UNTIL=") != NULL;
    }
  }
  l->msn = last_msn;
  l->part = last_part;
  l->can_block = l->can_block && has_parts;
  l->next_is_new_segment = ended_with_segment;
  l->has_seen = 1;
  return brought;
}

static void add_record(struct connection *c, double last_byte_s, int was_known) {
  if (record_count == record_room) {
    record_room = record_room ? record_room * 2 : 1 << 16;
    records = realloc(records, record_room * sizeof *records);
    if (!records) die("realloc");
  }
  struct record *r = &records[record_count++];
  *r = (struct record){.asked_s = c->asked_s, .first_byte_s = c->first_byte_s,
                       .last_byte_s = last_byte_s, .rendition = c->loop->rendition,
                       .viewer = c->loop->viewer, .msn = c->asked.msn, .part = c->asked.part,
                       .body_bytes = (uint32_t)c->body_bytes, .status = (uint16_t)c->status,
                       .kind = (uint8_t)c->kind, .was_known = (uint8_t)was_known};
  memcpy(r->tail, c->tail, TAIL_BYTES);
}

static void finish_response(struct connection *c) {
  struct loop *l = c->loop;
  double now = now_s();
  int brought = 0;
  c->is_busy = 0;
  if (c->closes) reopen(c);
  if (c->status == 200 && c->kind == PLAYLIST && l->mode <= SATURATE) {
    c->body[c->body_used] = 0;
    brought = read_playlist(l, c->body);
  }
  add_record(c, now, !brought);
  if (c->status != 200) errors++;
  if (l->mode >= FIXED) {
    struct item same = c->asked;
    ask(c, &same);
  } else if (c->status != 200) {
    if (c->kind == PLAYLIST) l->due_s = now + RETRY_S;
  } else if (c->kind == PLAYLIST) {
    ask_media(l);
    if (l->can_block || l->mode == SATURATE)
      ask_playlist(l);
    else /* rfc8216bis 6.3.4: a target duration, or half of it when nothing was new */
      l->due_s = now + (brought ? l->target_s : l->target_s / 2);
  } else {
    ask_media(l);
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
  if (c->kind == MEDIA || c->loop->mode >= FIXED) {
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

static void receive(struct connection *c) {
  static char buffer[1 << 16];
  for (;;) {
    ssize_t count;
    int is_over = 0;
    if (!c->in_body) {
      count = recv(c->fd, c->head + c->head_used, HEAD_BYTES - 1 - c->head_used, MSG_DONTWAIT);
      if (count > 0) {
        if (c->first_byte_s == 0) c->first_byte_s = now_s();
        c->head_used += (size_t)count;
        is_over = take_head(c);
      }
    } else if (c->kind == MEDIA && !c->is_chunked && c->left_bytes > TAIL_BYTES) {
      /* tcp(7): MSG_TRUNC throws the bytes away instead of copying them. */
      size_t wanted = (size_t)c->left_bytes - TAIL_BYTES;
      count = recv(c->fd, NULL, wanted, MSG_DONTWAIT | MSG_TRUNC);
      if (count > 0) {
        c->left_bytes -= count;
        c->body_bytes += count;
        c->tail_used = 0;
      }
    } else {
      size_t wanted = sizeof buffer;
      if (!c->is_chunked && (size_t)c->left_bytes < wanted) wanted = (size_t)c->left_bytes;
      count = recv(c->fd, buffer, wanted, MSG_DONTWAIT);
      if (count > 0) is_over = take_content(c, buffer, (size_t)count);
    }
    if (is_over) {
      finish_response(c);
      return;
    }
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      lost_connections++;
      reopen(c);
      if (c->is_busy) {
        c->is_busy = 0;
        if (c->kind == PLAYLIST) c->loop->due_s = now_s() + RETRY_S;
      }
      return;
    }
  }
}

static struct loop *read_lines(size_t *count) {
  struct loop *loops = NULL;
  char mode[16], path[PATH_BYTES];
  int viewers;
  uint32_t rendition = 0;
  *count = 0;
  while (scanf("%15s %d %199s", mode, &viewers, path) == 3) {
    loops = realloc(loops, (*count + (size_t)viewers) * sizeof *loops);
    if (!loops) die("realloc");
    for (int viewer = 0; viewer < viewers; viewer++) {
      struct loop *l = &loops[(*count)++];
      memset(l, 0, sizeof *l);
      l->mode = !strcmp(mode, "follow")     ? FOLLOW
                : !strcmp(mode, "saturate") ? SATURATE
                : !strcmp(mode, "gzip")     ? FIXED_GZIP
                                            : FIXED;
      l->rendition = rendition;
      l->viewer = (uint32_t)viewer;
      l->msn = l->part = -1;
      l->target_s = 2;
      strcpy(l->playlist, path);
      strcpy(l->folder, path);
      char *slash = strrchr(l->folder, '/');
      if (slash) slash[1] = 0;
    }
    rendition++;
  }
  return loops;
}

static void start_loop(struct loop *l) {
  l->playlist_side.loop = l->media_side.loop = l;
  l->playlist_side.kind = PLAYLIST;
  l->media_side.kind = MEDIA;
  open_connection(&l->playlist_side);
  if (l->mode < FIXED) open_connection(&l->media_side);
  ask_playlist(l);
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: hls_viewers HOST PORT SECONDS RECORDS < LINES\n");
    return 2;
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  server.sin_family = AF_INET;
  server.sin_port = htons((uint16_t)atoi(argv[2]));
  if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) die("HOST is an IPv4 address");
  snprintf(host_header, sizeof host_header, "%.100s:%s", argv[1], argv[2]);
  epoll_fd = epoll_create1(0);
  size_t count, started = 0;
  struct loop *loops = read_lines(&count);

  double began_s = now_s(), ends_s = began_s + atof(argv[3]), next_tick_s = began_s;
  struct epoll_event events[EVENTS];
  for (double now = began_s; now < ends_s; now = now_s()) {
    size_t wanted = (size_t)((now - began_s) / RAMP_S * (double)count) + 1;
    while (started < count && started < wanted) start_loop(&loops[started++]);
    if (now >= next_tick_s) {
      next_tick_s = now + TICK_S;
      for (size_t i = 0; i < started; i++)
        if (loops[i].due_s && loops[i].due_s <= now) ask_playlist(&loops[i]);
    }
    int ready = epoll_wait(epoll_fd, events, EVENTS, started < count ? 1 : 20);
    for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
  }

  FILE *out = fopen(argv[4], "wb");
  if (!out) die(argv[4]);
  if (fwrite(records, sizeof *records, record_count, out) != record_count) die(argv[4]);
  fclose(out);
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  printf("{\"began_s\": %.6f, \"seconds\": %.3f, \"responses\": %zu, \"errors\": %ld, "
         "\"lost_connections\": %ld, \"cpu_s\": %.3f}\n",
         began_s, now_s() - began_s, record_count, errors, lost_connections,
         (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
             (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6);
  return 0;
}
