/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where settings come from. */
#ifndef PRIVTMP_ORIGIN_H
#define PRIVTMP_ORIGIN_H

#include "options.h"

/*
 * The path of PROGRAM for sections: of the executable that runs in the end, without
 * links. OUT has PATH_MAX bytes.
 */
void origin_program(const char *program, char *out);

/*
 * Writes where KEY got VALUE, or an element VALUE, from: "--guard", "PRIVTMP_GUARD",
 * "/etc/privtmp.conf:7", "TMPDIR" or "default". PROGRAM is the one whose sections
 * apply.
 */
void origin_of_setting(const struct options *options, const char *program,
		       enum setting key, const char *value, char *out, size_t size);

#endif
