/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a wrapper is made of.
 *
 * A wrapper of NAME is defined as pt_NAME with the symbol NAME: so libc's own
 * declaration, with its attributes, macros and redirections, is not in the
 * way, and pointers that are only handed on can be void.
 */
#ifndef PRIVTMP_WRAP_H
#define PRIVTMP_WRAP_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "gen/have.h" /* HAVE_name: the libc at hand exports it */
#include "wrap/lfs64.h"
#include "core/layout.h"
#include "policy/scan.h"
#include "route/route.h"
#include "gen/versions.h" /* OLD_name: the libc at hand has an old version */

#define WRAP_SYMBOL(name) __asm__(name) __attribute__((visibility("default")))

/*
 * The symbol of a wrapper: its name. In the library for audits a trace point may stand
 * before it (TRACED_name), which has that symbol then.
 */
#ifdef PRIVTMP_AUDIT
#include "gen/traced.h"
#define WRAP_INNER(name) __asm__("pt_" name) PRIVTMP_HIDDEN
#define WRAP_SECOND(a, b, ...) b
#define WRAP_PICK(...) WRAP_SECOND(__VA_ARGS__)
#define WRAP_EXPORT(traced, name) WRAP_PICK(traced, WRAP_SYMBOL, )(name)
#else
#define WRAP_EXPORT(traced, name) WRAP_SYMBOL(name)
#endif

/* Where what is wrapped is kept once it is found. */
#define WRAP_SLOT(name) static void *real_##name __attribute__((used)) EACH_START

/* Declares a wrapper, and the type and the slot of what it wraps. */
#define WRAP(type, name, ...) \
	typedef type real_##name##_fn(__VA_ARGS__); \
	WRAP_SLOT(name); \
	type pt_##name(__VA_ARGS__) WRAP_EXPORT(TRACED_##name, #name)

/*
 * An old version of NAME: only programs get it that were linked when it was
 * the default, and who asks whether NAME exists does not see it.
 */
#define WRAP_OLD(type, name, version, ...) \
	type pt_old_##name(__VA_ARGS__) WRAP_SYMBOL("pt_old_" #name); \
	__asm__(".symver pt_old_" #name ", " #name "@" version)

/* As WRAP, for what libc has kept for old programs alone. */
#define WRAP_HIDDEN(type, name, version, ...) \
	typedef type real_##name##_fn(__VA_ARGS__); \
	WRAP_SLOT(name); \
	type pt_##name(__VA_ARGS__) WRAP_SYMBOL("pt_old_" #name); \
	__asm__(".symver pt_old_" #name ", " #name "@" version)

/*
 * For a wrapper that ends in a jump, at every level of optimization: the linker looks
 * at its caller's return address.
 */
#if defined __GNUC__ && !defined __clang__
#define JUMPS \
	__attribute__((optimize("O2", "no-stack-protector"), \
		       no_profile_instrument_function))
#else
#define JUMPS
#endif

/*
 * For the quick way of a call: what is written to its room is bounded by what view_scan
 * said, and route.c asserts that it fits.
 */
#if __GNUC__ >= 11 || defined __clang__
#define NO_PROTECTOR __attribute__((no_stack_protector))
#else
#define NO_PROTECTOR
#endif

/* The function that comes behind ours: libc's, or another interposer's. */
#define REAL(name) ((real_##name##_fn *)wrap_real(&real_##name, #name))

/*
 * The same where it has been looked for; else NULL or, behind a row of calls.def,
 * a function that looks first (see gen-calls.awk).
 */
#define WRAP_FOUND(name) \
	((real_##name##_fn *)__atomic_load_n(&real_##name, __ATOMIC_RELAXED))

void *wrap_find(void **slot, const char *name);

/* Finds what a child will end by. */
void wrap_find_exit(void);

NO_SANITIZE static inline void *wrap_real(void **slot, const char *name)
{
	void *found = __atomic_load_n(slot, __ATOMIC_RELAXED);

	return likely(found != NULL) ? found : wrap_find(slot, name);
}

static inline enum follow follow_at(int flags)
{
	return flags & AT_SYMLINK_NOFOLLOW ? NOFOLLOW : FOLLOW;
}

static inline enum follow follow_link(int flags)
{
	return flags & AT_SYMLINK_FOLLOW ? FOLLOW : NOFOLLOW;
}

/* FLAG: the bit that says that a link at the end is not to be followed. */
static inline enum follow follow_unless(unsigned long flags, unsigned long flag)
{
	return flags & flag ? NOFOLLOW : FOLLOW;
}

/* fopen(3)'s mode: how it opens. */
static inline enum follow wrap_follow(const char *mode)
{
	if (!mode || mode[0] == 'r')
		return FOLLOW;
	return strchr(mode, 'x') ? PARENT : CREATE;
}

/* fopen(3)'s mode: whether the stream may be written. */
static inline unsigned wrap_mode(const char *mode)
{
	return mode && mode[0] == 'r' && !strchr(mode, '+') ? ROUTE_READ : ROUTE_WRITE;
}

#endif
