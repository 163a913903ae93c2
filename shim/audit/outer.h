/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Trace points in libprivtmp-audit.so: the symbol NAME is au_NAME, which calls pt_NAME, the
 * wrapper that the plain library exports.
 */
#ifndef PRIVTMP_AUDIT_OUTER_H
#define PRIVTMP_AUDIT_OUTER_H

#include "trace/point.h"
#include "wrap/wrap.h"

/* Declares the wrapper and its trace point. */
#define OUTER(type, name, ...) \
	type pt_##name(__VA_ARGS__) WRAP_INNER(#name); \
	type au_##name(__VA_ARGS__) WRAP_SYMBOL(#name)

#endif
