/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the mount door: backings of a session are mounted over the guarded
 * directories, and the kernel does the work of the shim.
 */
#ifndef PRIVTMP_INSIDE_H
#define PRIVTMP_INSIDE_H

#include <stdbool.h>

#include "policy/policy.h"

/*
 * Whether a backing is mounted over a guarded directory of POLICY. Asks the kernel,
 * because the environment may be lost or from elsewhere. Mostly takes one call per
 * guarded directory.
 */
bool inside_ask(const struct policy *policy);

#endif
