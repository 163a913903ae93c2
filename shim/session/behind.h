/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is behind the mount door without a lock on the lease. A keeper holds one for such
 * processes; if it was killed, only /proc knows of them.
 */
#ifndef PRIVTMP_SESSION_BEHIND_H
#define PRIVTMP_SESSION_BEHIND_H

#include <stdbool.h>

#include "policy/policy.h"

/*
 * Whether there is a process whose mounts show a root of POLICY's, which is the effective
 * user's. Processes whose mounts cannot be read are taken for others, and so are those whose
 * mounts another user can have made (owner_rules).
 */
bool behind_any(const struct policy *policy);

#endif
