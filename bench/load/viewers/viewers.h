/* What the viewers' files share. */
#ifndef VIEWERS_H
#define VIEWERS_H
#include <stddef.h>
#include <stdint.h>

enum { TAIL_BYTES = 16, HEAD_BYTES = 4096, PATH_BYTES = 256, QUEUE = 32, GOP_PARTS = 10 };
enum { LONGEST_PATH = 150, QUERY_BYTES = 40 };
enum mode { FOLLOW, SATURATE, FIXED, FIXED_GZIP, BEACON };
enum saying { NOTHING, IN_QUERY, IN_FIELDS };
enum kind { PLAYLIST, MEDIA };

/* What is asked for: part -1 is a whole segment, msn -1 nothing special. */
struct item { int32_t msn, part; char path[PATH_BYTES]; };

struct loop;

/* One connection with at most one request on it. */
struct connection {
  struct loop *loop;
  enum kind kind;
  int fd, is_busy, is_chunked, in_body, closes;
  struct item asked;
  double asked_s, first_byte_s, arrived_s; /* arrived: the newest bytes */
  int status;
  long body_bytes, left_bytes; /* left: of the body, or of the chunk; -1: size line is awaited */
  char head[HEAD_BYTES];
  size_t head_used;
  char *body;
  size_t body_used, body_room;
  uint8_t tail[TAIL_BYTES];
  size_t tail_used;
};

/* One player, with picture and sound: it began with a multivariant playlist, whose URLs may have a
 * query by which the server knows it again. */
struct player {
  char start[PATH_BYTES], query[QUERY_BYTES];
  char look[PATH_BYTES]; /* a media playlist, with the query */
  uint32_t address; /* of its own, where the server is on a loopback one */
  struct loop *asker; /* who fetches the multivariant playlist, for all of the player's loops */
  int has_started;
};

/* One viewer's work on one media playlist. */
struct loop {
  enum mode mode;
  struct player *player; /* NULL: it begins with the media playlist */
  uint32_t rendition, viewer;
  char playlist[PATH_BYTES], folder[PATH_BYTES];
  int32_t msn, part; /* the newest that is known; part -1: the whole segment */
  int is_starting, has_seen, can_block, can_skip, next_is_new_segment;
  double target_s, due_s; /* due: when to ask again; 0: now running */
  double pace_s;          /* how often to ask, whatever is answered; 0: without a pause */
  int is_media_next;
  struct item queue[QUEUE];
  int queued, turn;
  int looks; /* at the playlist, before beacons */
  long told; /* beacons */
  struct connection playlist_side, media_side;
};

/* viewers.c */
void finish_response(struct connection *c);
void lose_response(struct connection *c);

/* http_connection.c */
extern long lost_connections;
extern double calendar_s; /* CLOCK_REALTIME less CLOCK_MONOTONIC */
extern enum saying saying; /* where every request has CMCD */
void set_server(const char *host, const char *port);
void open_connection(struct connection *c, int epoll_fd);
void ask(struct connection *c, const struct item *item);
void receive(struct connection *c);

/* media_playlist.c */
int read_playlist(struct loop *l, char *text);
void add_item(struct loop *l, const struct item *item);

double now_s(void);
_Noreturn void die(const char *what);
#endif
