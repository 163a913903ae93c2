/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is the same of a path in each run. */
#ifndef PRIVTMP_AUDIT_FINGERPRINT_H
#define PRIVTMP_AUDIT_FINGERPRINT_H

#include <stddef.h>

/*
 * Writes PATH to OUT (SIZE bytes) with "#" for each number and "*" for what was drawn by
 * lot: "/tmp/app-#.*" for "/tmp/app-311.xK3dQ9". It judges by looks, and can err.
 */
void path_shape(const char *path, char *out, size_t size);

#endif
