/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of a path that is the same in each run. */
#ifndef PRIVTMP_AUDIT_FINGERPRINT_H
#define PRIVTMP_AUDIT_FINGERPRINT_H

#include <stddef.h>

/*
 * Writes PATH to OUT (SIZE bytes) with "#" for each number and "*" for random parts:
 * "/tmp/app-#.*" for "/tmp/app-311.xK3dQ9". This is a heuristic, and can be wrong.
 */
void path_shape(const char *path, char *out, size_t size);

#endif
