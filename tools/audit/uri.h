/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths as URIs. */
#ifndef PRIVTMP_AUDIT_URI_H
#define PRIVTMP_AUDIT_URI_H

#include <stdio.h>

/*
 * Writes PATH, quotes included, as a relative reference: from the working directory for
 * what lies below it, and from the root of the file system otherwise. What could be taken
 * for anything but a name is percent-encoded.
 */
void uri_put_relative(FILE *out, const char *path);

#endif
