#include "progress.h"

void llg_progress_of(const struct llg_exchange *x, struct llg_progress *p) {
  struct llg_timing timing;
  llg_exchange_timing(x, &timing);
  *p = (struct llg_progress){ .sent = timing.sent_bytes,
                              .to_send = x->to_send,
                              .received = timing.received_bytes,
                              .to_receive = x->http_status != 0 ? x->announced : -1 };
}
