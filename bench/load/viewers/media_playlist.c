/* Reading media playlists (rfc8216bis 4.4): what is new, and what to ask for next. */
#include "viewers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void resolve(struct loop *l, struct item *item, const char *uri, size_t length) {
  if (length && *uri == '/')
    snprintf(item->path, sizeof item->path, "%.*s", (int)length, uri);
  else
    snprintf(item->path, sizeof item->path, "%.120s%.*s", l->folder, (int)length, uri);
}

static int is_tag(const char *line, const char *tag) {
  return strncmp(line, tag, strlen(tag)) == 0;
}

/* Read a playlist; take what is new. Returns whether anything was. */
int read_playlist(struct loop *l, char *text) {
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
        add_item(l, &item);
        brought = 1;
      }
    } else if (*line != '#' && *line) {
      if (!l->can_block && msn > last_msn) {
        item.msn = last_msn = msn;
        item.part = -1;
        resolve(l, &item, line, strcspn(line, "\r"));
        add_item(l, &item);
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

