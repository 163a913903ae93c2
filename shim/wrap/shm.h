/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Message queues, for calls by number. */
#ifndef PRIVTMP_SHM_H
#define PRIVTMP_SHM_H

#include <stdbool.h>

/* Whether the queue NAME is refused, as /dev/mqueue is guarded. Sets errno. */
bool shm_refuses_queue(const char *name);

#endif
