#include "crowd.h"

#include "../base/memory.h"

void llg_crowd_free(struct llg_crowd *crowd) {
  if (crowd == NULL) return;
  curl_share_cleanup(crowd->share);
  llg_free(crowd);
}

struct llg_crowd *llg_crowd_join(struct llg_crowd **filling) {
  struct llg_crowd *crowd = *filling;
  if (crowd == NULL || crowd->n_members >= LLG_CROWD_MEMBERS) {
    crowd = llg_calloc(1, sizeof *crowd);
    if (crowd == NULL) return NULL;
    crowd->share = curl_share_init();
    if (
      crowd->share == NULL
      || curl_share_setopt(crowd->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT)
           != CURLSHE_OK) {
      llg_crowd_free(crowd);
      return NULL;
    }
    *filling = crowd;
  }
  crowd->n_members++;
  return crowd;
}

void llg_crowd_leave(struct llg_crowd **filling, struct llg_crowd *crowd) {
  if (crowd == NULL || --crowd->n_members > 0 || crowd == *filling) return;
  llg_crowd_free(crowd);
}
