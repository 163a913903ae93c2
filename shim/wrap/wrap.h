/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parts of a wrapper.
 *
 * The wrapper of NAME is the function pt_NAME with the symbol NAME. So libc's own
 * declaration, with its attributes, macros and redirections, is not in the way, and
 * pointers that are only passed on can be void.
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

/* The pointer to the wrapped function. */
#define WRAP_SLOT(name) static void *real_##name __attribute__((used)) EACH_START

/* Declares a wrapper, and the type and slot of the wrapped function. */
#define WRAP(type, name, ...) \
	typedef type real_##name##_fn(__VA_ARGS__); \
	WRAP_SLOT(name); \
	type pt_##name(__VA_ARGS__) WRAP_EXPORT(TRACED_##name, #name)

/*
 * An old version of NAME. Only programs that were linked when it was the default get
 * it. dlsym(3) does not see it.
 */
#define WRAP_OLD(type, name, version, ...) \
	type pt_old_##name(__VA_ARGS__) WRAP_SYMBOL("pt_old_" #name); \
	__asm__(".symver pt_old_" #name ", " #name "@" version)

/* As WRAP, for functions that libc keeps for old programs alone. */
#define WRAP_HIDDEN(type, name, version, ...) \
	typedef type real_##name##_fn(__VA_ARGS__); \
	WRAP_SLOT(name); \
	type pt_##name(__VA_ARGS__) WRAP_SYMBOL("pt_old_" #name); \
	__asm__(".symver pt_old_" #name ", " #name "@" version)

/*
 * As WRAP, for functions that other libraries have, too: by libc's version alone. The
 * wrapped function is KEPT(name), or NULL.
 */
#define WRAP_KEPT(type, name, ...) \
	typedef type real_##name##_fn(__VA_ARGS__); \
	type pt_##name(__VA_ARGS__) WRAP_SYMBOL("pt_old_" #name); \
	__asm__(".symver pt_old_" #name ", " #name "@" KEPT_##name)
#define KEPT(name) ((real_##name##_fn *)symbols_next(symbols_own(), #name, KEPT_##name))

/*
 * For a wrapper that must end in a jump at every level of optimization: the linker
 * checks its caller's return address.
 */
#if defined __clang__
#define JUMPS
#elif __GNUC__ < 7 /* knows nothing of the second */
#define JUMPS __attribute__((optimize("O2", "no-stack-protector")))
#else
#define JUMPS \
	__attribute__((optimize("O2", "no-stack-protector"), \
		       no_profile_instrument_function))
#endif

/*
 * For the quick way: view_scan bounds what is written to the room, and route.c asserts
 * that it fits.
 */
#if __GNUC__ >= 11 || defined __clang__
#define NO_PROTECTOR __attribute__((no_stack_protector))
#else
#define NO_PROTECTOR
#endif

/* The next function of this name: libc's, or another interposer's. */
#define REAL(name) ((real_##name##_fn *)wrap_real(&real_##name, #name))

/*
 * The same if it was looked up; else NULL or, for a row of calls.def, a function that
 * looks it up (gen-calls.awk).
 */
#define WRAP_FOUND(name) \
	((real_##name##_fn *)__atomic_load_n(&real_##name, __ATOMIC_RELAXED))

void *wrap_find(void **slot, const char *name);

/* Looks up _exit for a child. */
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

/* FLAG: the bit that forbids to follow a link at the end. */
static inline enum follow follow_unless(unsigned long flags, unsigned long flag)
{
	return flags & flag ? NOFOLLOW : FOLLOW;
}

/* How fopen(3) opens, by its mode. */
static inline enum follow wrap_follow(const char *mode)
{
	if (!mode || mode[0] == 'r')
		return FOLLOW;
	return strchr(mode, 'x') ? PARENT : CREATE;
}

/* Whether fopen(3)'s mode allows writing. */
static inline unsigned wrap_mode(const char *mode)
{
	return mode && mode[0] == 'r' && !strchr(mode, '+') ? ROUTE_READ : ROUTE_WRITE;
}

#endif
