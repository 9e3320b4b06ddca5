#include "saved.h"

#include <string.h>

#include "failure.h"
#include "json/decode.h"
#include "object.h"
#include "refusal.h"

enum { MAX_REFUSAL_BYTES = 64 * 1024 };

/* A copy on the stack: the exchange's own may go while Lua runs. NULL where none was said. */
static const char *push_type(lua_State *L, const struct llg_exchange *x) {
  size_t n = 0;
  const char *type = llg_headers_get(&x->headers, "content-type", &n);
  lua_pushlstring(L, type != NULL ? type : "", type != NULL ? n : 0);
  return type != NULL ? lua_tostring(L, -1) : NULL;
}

/* The table on top of the stack has one field, `error`: a file of results may have it among
** others. */
static bool is_only_error(lua_State *L) {
  bool is = true;
  int n = 0;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1), n++)
    is = is && lua_type(L, -2) == LUA_TSTRING
         && strcmp(lua_tostring(L, -2), "error") == 0;
  return is && n == 1;
}

/* If the file has a refusal in it, push the error object. */
static bool push_refusal(lua_State *L, const struct llg_handle *h, const char *type) {
  const struct llg_new_file *file = &h->x->request.answer_to;
  struct llg_failure failure;
  size_t n = (size_t)file->n_bytes;
  if (type == NULL || strstr(type, "json") == NULL || n == 0 || n > MAX_REFUSAL_BYTES)
    return false;
  char *body = llg_newuserdata(L, n);
  if (file->temporary == NULL) return false;
  n = llg_new_file_read(file, body, n);
  if (!llg_json_decode(L, body, n, &failure)) return false;
  if (!lua_istable(L, -1) || !is_only_error(L)) return false;
  if (!llg_refusal_read(L, LLG_IN_BODY)) return false;
  llg_push_said_error(L, h->x, body, n);
  return true;
}

bool llg_push_saved(lua_State *L, struct llg_handle *h) {
  struct llg_new_file *file = &h->x->request.answer_to;
  struct llg_failure failure = { .status = LLG_OK, .phase = "body" };
  lua_createtable(L, 0, 3);
  int reply = lua_gettop(L);
  lua_pushstring(L, file->path);
  lua_setfield(L, reply, "path");
  llg_pushint64(L, file->n_bytes);
  lua_setfield(L, reply, "bytes");
  const char *type = push_type(L, h->x);
  if (push_refusal(L, h, type)) {
    llg_new_file_drop(file);
    return false;
  }
  lua_settop(L, reply + 1);
  if (type == NULL)
    lua_pop(L, 1);
  else
    lua_setfield(L, reply, "type");
  /* No Lua runs from here on. */
  if (file->temporary == NULL)
    llg_failure_set(
      &failure, LLG_CANCELLED, "body", "it was given up before it had its name");
  else if (llg_new_file_keep(file, &failure))
    return true;
  failure.phase = "body";
  llg_push_reading_error(L, h->x, &failure);
  return false;
}
