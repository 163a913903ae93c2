/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What another user would put at a name. */
#ifndef PRIVTMP_AUDIT_PLANT_H
#define PRIVTMP_AUDIT_PLANT_H

#include <stdbool.h>
#include <stddef.h>

#include "trace_file.h"

enum plant_kind {
	PLANT_LINK, /* to a file that is there */
	PLANT_DANGLING,
	PLANT_FILE,
	PLANT_FIFO,
	PLANT_DIRECTORY,
};

struct plant {
	const char *name;
	enum plant_kind kind;
};

/* All, a NULL behind the last name. */
extern const struct plant plants[];

const struct plant *plant_named(const char *name, size_t len);

/* Makes what links lead to, beside TRACE. */
void plant_bait(const struct trace_file *trace);
/* Whether that has been changed, or made. */
bool plant_bitten(const struct trace_file *trace, enum plant_kind kind);
void plant_clear(const struct trace_file *trace);

/* Puts PLANT at the real PATH. Whether it is there. */
bool plant_put(const struct plant *plant, const char *path,
	       const struct trace_file *trace);

#endif
