#include "sse.h"

#include <string.h>

enum {
  MAX_NAME_AND_ID_BYTES = 1 << 16, /* no honest server comes near */
  KEPT_BYTES = 1 << 16,            /* a block larger than this is given back after use */
};

void llg_sse_init(struct llg_sse *sse, size_t max_event_bytes) {
  memset(sse, 0, sizeof *sse);
  size_t small = max_event_bytes < MAX_NAME_AND_ID_BYTES ? max_event_bytes
                                                         : MAX_NAME_AND_ID_BYTES;
  llg_buffer_init(&sse->value[LLG_SSE_DATA], max_event_bytes);
  llg_buffer_init(&sse->value[LLG_SSE_EVENT], small);
  llg_buffer_init(&sse->value[LLG_SSE_ID], small);
  llg_buffer_init(&sse->value[LLG_SSE_RETRY], LLG_SSE_MAX_RETRY_DIGITS + 1);
  llg_buffer_init(&sse->last_id, small);
  llg_buffer_init(&sse->name, small);
  sse->retry_ms = -1;
}

void llg_sse_free(struct llg_sse *sse) {
  for (int i = 0; i < LLG_SSE_N_FIELDS; i++)
    llg_buffer_free(&sse->value[i]);
  llg_buffer_free(&sse->last_id);
  llg_buffer_free(&sse->name);
}

/* Both line ends are searched once per byte, not once per line: a slice full of '\r' must
** not be scanned to its end for a '\n' at each of them. */
static const char *find(const char *from, const char *end, char c) {
  const char *at = from < end ? memchr(from, c, (size_t)(end - from)) : NULL;
  return at != NULL ? at : end;
}

static const char *line_end(struct llg_sse *sse) {
  if (sse->lf < sse->at) sse->lf = find(sse->at, sse->end, '\n');
  if (sse->cr < sse->at) sse->cr = find(sse->at, sse->end, '\r');
  return sse->lf < sse->cr ? sse->lf : sse->cr;
}

/* A mark at the very start is dropped, even when it comes a byte at a time. */
static void skip_bom(struct llg_sse *sse) {
  static const char bom[] = "\xEF\xBB\xBF";
  while (sse->bom_len < 3 && sse->at < sse->end) {
    if (*sse->at != bom[sse->bom_len]) {
      /* Not a mark: what matched were the first bytes of a field name, an unknown one. */
      if (sse->bom_len > 0) sse->place = LLG_SSE_SKIP;
      sse->bom_len = 3;
      return;
    }
    sse->bom_len++;
    sse->at++;
  }
}

void llg_sse_feed(struct llg_sse *sse, const char *bytes, size_t n) {
  sse->at = bytes;
  sse->end = bytes + n;
  skip_bom(sse);
  if (sse->skip_lf && sse->at < sse->end) {
    if (*sse->at == '\n') sse->at++;
    sse->skip_lf = false;
  }
  sse->lf = find(sse->at, sse->end, '\n');
  sse->cr = find(sse->at, sse->end, '\r');
}

void llg_sse_finish(struct llg_sse *sse) {
  sse->finished = true;
}

static enum llg_status fail(struct llg_sse *sse, enum llg_status status) {
  sse->failed = status;
  return status;
}

static void choose_field(struct llg_sse *sse) {
  sse->is_error = sse->lenient && sse->line_name_len == 5
                  && memcmp(sse->line_name, "error", 5) == 0;
  enum llg_sse_field field = llg_sse_field_of(sse->line_name, sse->line_name_len);
  bool is_known = field != LLG_SSE_N_FIELDS;
  sse->field = is_known ? field : LLG_SSE_DATA;
  sse->place = is_known || sse->is_error ? LLG_SSE_SPACE : LLG_SSE_SKIP;
}

/* The data that so far only lay in the slice, into our own buffer. */
static enum llg_status keep_direct(struct llg_sse *sse) {
  if (sse->direct == NULL) return LLG_OK;
  enum llg_status status = llg_buffer_append(
    &sse->value[LLG_SSE_DATA], sse->direct, sse->direct_len);
  sse->direct = NULL;
  return status;
}

/* ---- what servers get wrong ---- */

/* The data of the block so far can be followed by nothing that belongs to it. */
static bool data_is_whole(struct llg_sse *sse) {
  const struct llg_buffer *data = &sse->value[LLG_SSE_DATA];
  const char *text = sse->direct != NULL ? sse->direct : llg_buffer_bytes(data);
  size_t n = sse->direct != NULL ? sse->direct_len : data->len;
  return n > 0 && (text[0] == ':' || llg_json_end_reached(&sse->json, text, n));
}

/* Data begins: whether it is that of another event, though no blank line came. */
static bool ends_block(struct llg_sse *sse) {
  if (!sse->lenient || !sse->has_data || sse->field != LLG_SSE_DATA) return false;
  if (sse->bare || sse->late_name || sse->is_error != sse->says_error) return true;
  bool whole = data_is_whole(sse);
  sse->one_newline = sse->one_newline || whole;
  return whole;
}

/* A line begins with a byte with which no field does. */
static bool begins_bare(const struct llg_sse *sse) {
  return sse->lenient && sse->line_name_len == 0 && (*sse->at == '{' || *sse->at == '[');
}

static bool continues_bare(const struct llg_sse *sse) {
  return sse->bare && sse->line_name_len == 0 && strchr(" \t{[}]\"", *sse->at) != NULL
         && *sse->at != '\0';
}

/* An event line behind the data is this block's name if a blank line follows, and the next
** one's if more data does. */
static void keep_name(struct llg_sse *sse) {
  if (!sse->lenient || !sse->has_data || sse->late_name) return;
  struct llg_buffer name = sse->name;
  sse->name = sse->value[LLG_SSE_EVENT];
  sse->value[LLG_SSE_EVENT] = name;
  sse->late_name = true;
}

/* ---- the lines ---- */

/* The value of a field begins: forget the old one, or join with the data before. */
static enum llg_status begin_value(struct llg_sse *sse) {
  sse->place = LLG_SSE_VALUE;
  if (sse->field != LLG_SSE_DATA) {
    if (sse->field == LLG_SSE_EVENT) keep_name(sse);
    llg_buffer_clear(&sse->value[sse->field]);
    return LLG_OK;
  }
  if (!sse->has_data) sse->says_error = sse->is_error;
  enum llg_status status = keep_direct(sse);
  if (status == LLG_OK && sse->has_data)
    status = llg_buffer_append(&sse->value[LLG_SSE_DATA], "\n", 1);
  return status;
}

/* More bytes of the value, which end the line or the slice. */
static enum llg_status add_value(struct llg_sse *sse, const char *from, const char *to) {
  struct llg_buffer *value = &sse->value[sse->field];
  size_t n = (size_t)(to - from);
  if (sse->field == LLG_SSE_DATA && !sse->has_data && value->len == 0 && to < sse->end) {
    if (n > value->max_bytes) return LLG_LIMIT;
    sse->direct = from; /* begins and ends in this slice: no copy */
    sse->direct_len = n;
    return LLG_OK;
  }
  if (sse->field == LLG_SSE_RETRY && n > value->max_bytes - value->len)
    n = value->max_bytes - value->len; /* one digit too many says that it is no number */
  return llg_buffer_append(value, from, n);
}

static void take_retry(struct llg_sse *sse) {
  const struct llg_buffer *value = &sse->value[LLG_SSE_RETRY];
  int64_t ms = llg_sse_retry_ms(llg_buffer_bytes(value), value->len);
  if (ms >= 0) sse->retry_ms = ms;
}

/* An id with a NUL in it does not count: the one before stays. */
static void take_id(struct llg_sse *sse) {
  struct llg_buffer id = sse->value[LLG_SSE_ID];
  if (id.len > 0 && memchr(llg_buffer_bytes(&id), 0, id.len) != NULL) return;
  sse->value[LLG_SSE_ID] = sse->last_id;
  sse->last_id = id;
}

/* The line is whole: what it was decides what is kept. */
static void end_line(struct llg_sse *sse) {
  if (sse->place == LLG_SSE_VALUE) {
    if (sse->field == LLG_SSE_DATA) sse->has_data = true;
    if (sse->field == LLG_SSE_RETRY) take_retry(sse);
    if (sse->field == LLG_SSE_ID) take_id(sse);
  }
  sse->place = LLG_SSE_NAME;
  sse->line_name_len = 0;
  sse->is_error = false;
}

/* A line that is data without being a field's. */
static enum llg_status begin_bare(struct llg_sse *sse) {
  if (sse->has_data && !sse->bare) {
    sse->ended = true;
    return LLG_OK;
  }
  sse->bare = true;
  sse->field = LLG_SSE_DATA;
  return begin_value(sse);
}

/* From `at` to `stop` (the line's end, or the slice's) through the places of a line. */
static enum llg_status take_line_bytes(struct llg_sse *sse, const char *stop) {
  enum llg_status status = LLG_OK;
  bool at_name = sse->place == LLG_SSE_NAME && sse->at < stop;
  if (at_name && (begins_bare(sse) || continues_bare(sse))) status = begin_bare(sse);
  if (sse->ended) return status;
  while (sse->place == LLG_SSE_NAME && sse->at < stop) {
    char c = *sse->at++;
    if (c == ':')
      choose_field(sse); /* a comment has an empty name, which no field has */
    else if (sse->line_name_len == LLG_SSE_MAX_NAME)
      sse->place = LLG_SSE_SKIP;
    else
      sse->line_name[sse->line_name_len++] = c;
  }
  if (sse->place == LLG_SSE_SPACE && sse->at < stop) {
    sse->ended = ends_block(sse);
    if (sse->ended) return status;
    if (*sse->at == ' ') sse->at++;
    status = begin_value(sse);
  }
  if (sse->place == LLG_SSE_VALUE && status == LLG_OK)
    status = add_value(sse, sse->at, stop);
  sse->at = stop;
  return status;
}

/* At a line's end: a name without a colon is a field with an empty value. */
static enum llg_status close_line(struct llg_sse *sse) {
  if (sse->place == LLG_SSE_NAME && sse->line_name_len > 0) choose_field(sse);
  enum llg_status status = LLG_OK;
  if (sse->place == LLG_SSE_SPACE && sse->is_error) sse->place = LLG_SSE_SKIP; /* empty */
  if (sse->place == LLG_SSE_SPACE) status = begin_value(sse);
  end_line(sse);
  return status;
}

static void reset_block(struct llg_sse *sse) {
  struct llg_buffer *data = &sse->value[LLG_SSE_DATA];
  if (data->capacity > KEPT_BYTES)
    llg_buffer_free(data);
  else
    llg_buffer_clear(data);
  if (!sse->ended || !sse->late_name) llg_buffer_clear(&sse->value[LLG_SSE_EVENT]);
  sse->direct = NULL;
  sse->has_data = sse->bare = sse->says_error = sse->late_name = sse->ended = false;
  sse->json = (struct llg_json_end){ 0 };
  sse->dispatched = false;
}

static bool block_is_empty(const struct llg_sse *sse) {
  return !sse->has_data && sse->value[LLG_SSE_EVENT].len == 0;
}

static const char *or_empty(const struct llg_buffer *b, size_t *len) {
  *len = b->len;
  return b->len > 0 ? llg_buffer_bytes(b) : "";
}

static enum llg_status dispatch(struct llg_sse *sse, struct llg_sse_event *event) {
  if (sse->direct != NULL) {
    event->data = sse->direct;
    event->data_len = sse->direct_len;
  } else {
    event->data = or_empty(&sse->value[LLG_SSE_DATA], &event->data_len);
  }
  bool next_has_it = sse->ended && sse->late_name;
  event->name = or_empty(
    next_has_it ? &sse->name : &sse->value[LLG_SSE_EVENT], &event->name_len);
  if (sse->says_error) {
    event->name = "error";
    event->name_len = 5;
  }
  event->bare = sse->bare;
  event->id = or_empty(&sse->last_id, &event->id_len);
  sse->dispatched = true;
  return LLG_OK;
}

/* At a line's end: whether there is no need to wait for a blank line. */
static bool is_over_early(struct llg_sse *sse) {
  return (sse->bare || sse->one_newline) && sse->has_data && data_is_whole(sse);
}

/* The end of the stream ends the last line and the last block. */
static enum llg_status last_event(struct llg_sse *sse, struct llg_sse_event *event) {
  enum llg_status status = close_line(sse);
  if (status != LLG_OK) return fail(sse, status);
  return block_is_empty(sse) ? LLG_MORE : dispatch(sse, event);
}

/* A block that lies whole in the slice and is nothing but a line of data, as nearly all are: what
** the places of a line come to. */
static bool take_plain_block(struct llg_sse *sse, struct llg_sse_event *event) {
  bool begins = sse->place == LLG_SSE_NAME && sse->line_name_len == 0 && !sse->has_data
                && !sse->late_name && sse->value[LLG_SSE_EVENT].len == 0;
  if (!begins || sse->at == sse->end) return false;
  const char *stop = line_end(sse), *data = sse->at + 5;
  bool is_plain = sse->cr == sse->end && sse->end - stop > 1 && stop[1] == '\n'
                  && stop > data && memcmp(sse->at, "data:", 5) == 0;
  if (!is_plain) return false;
  if (*data == ' ') data++;
  size_t n = (size_t)(stop - data);
  if (n == 0 || n > sse->value[LLG_SSE_DATA].max_bytes) return false;
  *event = (struct llg_sse_event){ .data = data, .data_len = n, .name = "" };
  event->id = or_empty(&sse->last_id, &event->id_len);
  sse->at = stop + 2;
  return true;
}

enum llg_status llg_sse_next(struct llg_sse *sse, struct llg_sse_event *event) {
  if (sse->failed != LLG_OK) return sse->failed;
  if (sse->dispatched) reset_block(sse);
  if (take_plain_block(sse, event)) return LLG_OK;
  while (sse->at < sse->end) {
    const char *stop = line_end(sse);
    bool blank = stop == sse->at && sse->place == LLG_SSE_NAME && sse->line_name_len == 0;
    enum llg_status status = take_line_bytes(sse, stop);
    if (status != LLG_OK) return fail(sse, status);
    if (sse->ended) return dispatch(sse, event);
    if (stop == sse->end) break;
    sse->at++;
    if (*stop == '\r') {
      if (sse->at < sse->end && *sse->at == '\n')
        sse->at++;
      else
        sse->skip_lf = sse->at == sse->end;
    }
    if (!blank && (status = close_line(sse)) != LLG_OK) return fail(sse, status);
    if (blank && !block_is_empty(sse)) return dispatch(sse, event);
    if (blank) reset_block(sse);
    if (is_over_early(sse)) return dispatch(sse, event);
  }
  /* The slice goes back to its owner: what we still need of it, we copy. */
  enum llg_status status = keep_direct(sse);
  if (status != LLG_OK) return fail(sse, status);
  return sse->finished ? last_event(sse, event) : LLG_MORE;
}
