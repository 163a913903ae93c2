/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Planted files: what another user could put at a path. */
#ifndef PRIVTMP_AUDIT_PLANT_H
#define PRIVTMP_AUDIT_PLANT_H

#include <stdbool.h>
#include <stddef.h>

#include "trace_file.h"

enum plant_kind {
	PLANT_LINK, /* to an existing file */
	PLANT_DANGLING,
	PLANT_FILE,
	PLANT_FIFO,
	PLANT_DIRECTORY,
};

struct plant {
	const char *name;
	enum plant_kind kind;
};

/* All kinds; the name after the last is NULL. */
extern const struct plant plants[];

const struct plant *plant_named(const char *name, size_t len);

/* Makes the links' targets, beside TRACE. */
void plant_bait(const struct trace_file *trace);
/* Whether a target has been changed or made. */
bool plant_bitten(const struct trace_file *trace, enum plant_kind kind);
void plant_clear(const struct trace_file *trace);

/* Puts PLANT at the real PATH. False: it failed. */
bool plant_put(const struct plant *plant, const char *path,
	       const struct trace_file *trace);

#endif
