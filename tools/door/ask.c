/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What forbids the mount door; see door.h. */
#include "door/door.h"
#include "core/report.h"

#include <stdio.h>

void ask_report(const struct refusal *r, const char *path, bool warn)
{
	char what[160];

	snprintf(what, sizeof what, "no mount namespace can be had for it: %s", r->step);
	report(path, what, r->error, warn ? "it runs unprotected" : NULL);
}
