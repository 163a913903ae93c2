/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Behind the mount door: where backings of a session have been mounted over the guarded
 * directories, the kernel does what is the shim's work elsewhere.
 */
#ifndef PRIVTMP_INSIDE_H
#define PRIVTMP_INSIDE_H

#include <stdbool.h>

#include "policy/policy.h"

/*
 * Whether what is mounted over a guarded directory of POLICY's is a backing of it. Asked
 * of the kernel: a program may have lost its environment on the way, or kept one from
 * elsewhere. A call for each guarded directory that is none of that.
 */
bool inside_ask(const struct policy *policy);

#endif
