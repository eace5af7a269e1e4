/* Many HLS viewers in one process, each asking as hls.js does; a load maker must be cheaper than
 * what it loads, and a thousand viewers are woken at one moment.
 *
 *     viewers HOST PORT SECONDS RECORDS [query|fields] < LINES
 *
 * Each line is `MODE COUNT PATH [START]`:
 *   follow    a media playlist: a blocking request for the next part; when it is answered, at once
 *             the one after that, and on a second connection the new part. A playlist without
 *             CAN-BLOCK-RELOAD is polled, and its new segments are fetched.
 *   saturate  the same requests, but for what is there already, without a pause: playlist and part in
 *             turn, and of the parts the newest of one GOP, so that every server gets the same mix.
 *   paced     the same, twenty times a second each, so that servers of any speed are asked alike.
 *   beacon    what players tell of themselves, five times a second, after some looks at a media playlist,
 *             so that the server knows who tells; PATH is the name of a channel. Needs START.
 *   fixed     one resource over and over. With `gzip` for `fixed`, compressed if the server can.
 *
 * With START, a multivariant playlist, each viewer fetches that first and goes on with the query that
 * it has in its URLs. Lines with the same START are one player each, as picture and sound are. It
 * has an address of its own if the server is on a loopback one.
 *
 * With `query` or `fields`, every request but those has CMCD there.
 *
 * RECORDS is written in the end, a `struct record` for each response; a summary goes to stdout.
 * Responses are dated by the kernel, when it received them.
 * HTTP/1.1 only. Bodies of media are thrown away inside the kernel, but for their last bytes.
 */
#define _GNU_SOURCE
#include "viewers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

enum { EVENTS = 512 };
static const double RETRY_S = 0.5, RAMP_S = 2.0, BEACON_S = 0.2, PACE_S = 0.05;
static double tick_s = 0.02; /* how exact dues are */
static const double LOOK_S = 1.0; /* what comes again sooner may be a retry to a busy server */
enum { LOOKS = 3 };

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

static int epoll_fd;
static struct record *records;
static size_t record_count, record_room;
static long errors;

double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double calendar_ahead_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9 - now_s();
}

_Noreturn void die(const char *what) {
  perror(what);
  exit(1);
}

/* Ask for the multivariant playlist, unless another loop of the player does. */
static void ask_start(struct loop *l) {
  struct player *p = l->player;
  if (p->asker && p->asker != l) {
    l->due_s = now_s() + tick_s;
    return;
  }
  struct item item = {.msn = -1, .part = -1};
  snprintf(item.path, sizeof item.path, "%s", p->start);
  p->asker = l;
  l->is_starting = 1;
  l->due_s = 0;
  ask(&l->playlist_side, &item);
}

/* Tell what was watched, once the server has seen that anything is. */
static void ask_beacon(struct loop *l) {
  struct item item = {.msn = -1, .part = -1};
  if (l->looks < LOOKS) snprintf(item.path, sizeof item.path, "%s", l->player->look);
  l->due_s = 0;
  ask(&l->playlist_side, &item);
}

/* Ask for the playlist; how, hls.js's level-details and base-playlist-controller say. */
static void ask_playlist(struct loop *l) {
  if (l->player && !l->player->has_started) {
    ask_start(l);
    return;
  }
  if (l->mode == BEACON) {
    ask_beacon(l);
    return;
  }
  struct item item = {.msn = -1, .part = -1};
  const char *query = l->player ? l->player->query : "";
  if (!l->has_seen || !l->can_block) {
    snprintf(item.path, sizeof item.path, "%.150s%s%.39s", l->playlist, *query ? "?" : "", query);
  } else {
    if (l->mode == SATURATE) {
      item.msn = l->msn;
      item.part = l->part;
    } else {
      item.msn = l->next_is_new_segment ? l->msn + 1 : l->msn;
      item.part = l->next_is_new_segment ? 0 : l->part + 1;
    }
    snprintf(item.path, sizeof item.path, "%.150s?%.39s%s_HLS_msn=%d&_HLS_part=%d%s", l->playlist,
             query, *query ? "&" : "", item.msn, item.part, l->can_skip ? "&_HLS_skip=YES" : "");
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
  }
}

void add_item(struct loop *l, const struct item *item) {
  if (l->mode == SATURATE && l->queued == GOP_PARTS)
    memmove(l->queue, l->queue + 1, sizeof *l->queue * (size_t)--l->queued);
  if (l->mode == SATURATE || (l->mode == FOLLOW && l->has_seen && l->queued < QUEUE))
    l->queue[l->queued++] = *item;
}

static void ask_next(struct loop *l) {
  if (!l->is_media_next) {
    ask_playlist(l);
    return;
  }
  l->due_s = 0;
  l->is_media_next = 0;
  ask(&l->media_side, &l->queue[l->turn++ % l->queued]);
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

/* Take the query that the player's URLs have, if they have one. */
static void start_player(struct player *p, const char *text) {
  const char *query = strstr(text, ".m3u8?");
  if (query) {
    size_t length = strcspn(query += 6, "\"\r\n");
    if (length >= QUERY_BYTES) die("a query in the multivariant playlist is too long");
    memcpy(p->query, query, length);
  }
  for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
    if (*line == '#' || *line == '\n') continue;
    int length = (int)strcspn(line, "\r\n"), folder = (int)(strrchr(p->start, '/') + 1 - p->start);
    int written = *line == '/' ? snprintf(p->look, sizeof p->look, "%.*s", length, line)
                               : snprintf(p->look, sizeof p->look, "%.*s%.*s", folder, p->start, length, line);
    if (written >= PATH_BYTES) die("a path is too long");
    break;
  }
  p->has_started = 1;
}

void finish_response(struct connection *c) {
  struct loop *l = c->loop;
  double now = now_s();
  int brought = 0;
  c->is_busy = 0;
  if (l->is_starting && c->kind == PLAYLIST) {
    l->is_starting = 0;
    add_record(c, c->arrived_s, 0);
    if (c->status == 200) {
      c->body[c->body_used] = 0;
      start_player(l->player, c->body);
      ask_playlist(l);
    } else {
      errors++;
      l->due_s = now + RETRY_S;
    }
    return;
  }
  if (c->status == 200 && c->kind == PLAYLIST && l->mode <= SATURATE) {
    c->body[c->body_used] = 0;
    brought = read_playlist(l, c->body);
  }
  add_record(c, c->arrived_s, !brought);
  int is_look = l->mode == BEACON && *c->asked.path;
  if (c->status != (l->mode == BEACON && !is_look ? 204 : 200)) errors++;
  if (l->mode == BEACON) {
    if (is_look && c->status == 200) l->looks++;
    l->due_s = c->asked_s + (is_look ? LOOK_S : BEACON_S);
    return;
  }
  if (l->mode >= FIXED) {
    struct item same = c->asked;
    ask(c, &same);
  } else if (c->status != 200) {
    if (c->kind == PLAYLIST || l->mode == SATURATE) l->due_s = now + RETRY_S;
  } else if (l->mode == SATURATE) {
    l->is_media_next = c->kind == PLAYLIST && l->queued;
    if (l->pace_s > 0)
      l->due_s = c->asked_s + l->pace_s;
    else
      ask_next(l);
  } else if (c->kind == PLAYLIST) {
    ask_media(l);
    if (l->can_block)
      ask_playlist(l);
    else /* rfc8216bis 6.3.4: a target duration, or half of it when nothing was new */
      l->due_s = now + (brought ? l->target_s : l->target_s / 2);
  } else {
    ask_media(l);
  }
}

/* The connection broke before the response was complete. */
void lose_response(struct connection *c) {
  c->is_busy = 0;
  if (c->kind == PLAYLIST || c->loop->mode == SATURATE) c->loop->due_s = now_s() + RETRY_S;
}

/* Return the players of a line: those of the line before, if it has the same START. */
static struct player *players_of(const char *start, int viewers) {
  static struct player *players;
  static int player_count;
  static uint32_t address;
  if (players && !strcmp(players->start, start)) {
    if (viewers != player_count) die("lines with the same START have the same COUNT");
    return players;
  }
  players = calloc((size_t)(player_count = viewers), sizeof *players);
  if (!players) die("calloc");
  for (int i = 0; i < viewers; i++) {
    strcpy(players[i].start, start);
    players[i].address = ++address;
  }
  return players;
}

static struct loop *read_lines(size_t *count) {
  struct loop *loops = NULL;
  char line[3 * PATH_BYTES], mode[16], path[PATH_BYTES], start[PATH_BYTES];
  int viewers, fields;
  uint32_t rendition = 0;
  *count = 0;
  while (fgets(line, sizeof line, stdin)) {
    fields = sscanf(line, "%15s %d %255s %255s", mode, &viewers, path, start);
    if (fields < 3) die("expected MODE COUNT PATH [START]");
    if (strlen(path) > LONGEST_PATH) die("a path is too long");
    struct player *players = fields == 4 && viewers > 0 ? players_of(start, viewers) : NULL;
    loops = realloc(loops, (*count + (size_t)viewers) * sizeof *loops);
    if (!loops) die("realloc");
    for (int viewer = 0; viewer < viewers; viewer++) {
      struct loop *l = &loops[(*count)++];
      memset(l, 0, sizeof *l);
      l->mode = !strcmp(mode, "follow")     ? FOLLOW
                : !strcmp(mode, "saturate") ? SATURATE
                : !strcmp(mode, "paced")    ? SATURATE
                : !strcmp(mode, "gzip")     ? FIXED_GZIP
                : !strcmp(mode, "beacon")   ? BEACON
                                            : FIXED;
      l->rendition = rendition;
      l->viewer = (uint32_t)viewer;
      l->player = players ? &players[viewer] : NULL;
      if (!strcmp(mode, "paced")) {
        l->pace_s = PACE_S;
        tick_s = PACE_S / 25;
      }
      if (l->mode == BEACON && !players) die("expected a START for beacons");
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
  open_connection(&l->playlist_side, epoll_fd);
  if (l->mode < FIXED) open_connection(&l->media_side, epoll_fd);
  ask_playlist(l);
}

int main(int argc, char **argv) {
  if (argc != 5 && argc != 6) {
    fprintf(stderr, "usage: viewers HOST PORT SECONDS RECORDS [query|fields] < LINES\n");
    return 2;
  }
  if (argc == 6) saying = strcmp(argv[5], "query") ? IN_FIELDS : IN_QUERY;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  set_server(argv[1], argv[2]);
  epoll_fd = epoll_create1(0);
  size_t count, started = 0;
  struct loop *loops = read_lines(&count);

  double began_s = now_s(), ends_s = began_s + atof(argv[3]), next_tick_s = began_s;
  struct epoll_event events[EVENTS];
  for (double now = began_s; now < ends_s; now = now_s()) {
    size_t wanted = (size_t)((now - began_s) / RAMP_S * (double)count) + 1;
    while (started < count && started < wanted) start_loop(&loops[started++]);
    if (now >= next_tick_s) {
      next_tick_s = now + tick_s;
      for (size_t i = 0; i < started; i++)
        if (loops[i].due_s && loops[i].due_s <= now) ask_next(&loops[i]);
    }
    int ready = epoll_wait(epoll_fd, events, EVENTS, started < count ? 1 : (int)(tick_s * 1000));
    calendar_s = calendar_ahead_s(); /* somebody may set the clock */
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
