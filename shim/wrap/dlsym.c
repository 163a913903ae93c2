/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looking up functions by name. A look-up in libc directly (by its handle, with a
 * version, from a namespace) would find libc's own function; see symbols.h.
 *
 * The linker takes the caller of RTLD_NEXT and RTLD_DEFAULT from the return address, so
 * these are jumps, too (see dl.c). RTLD_NEXT keeps its meaning: an interposer behind
 * the shim gets what is behind itself, and the shim comes before it. The sanitizers
 * call this before they can check anything.
 */
#define _GNU_SOURCE
#include "core/report.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <dlfcn.h>
#include <link.h>

/*
 * Whether the linker can no longer answer CALLER's RTLD_NEXT: libc's table leads to the
 * shim, which would be a loop for objects behind it, and for the shim itself.
 */
NO_SANITIZE static __attribute__((noinline)) bool
find_next(const void *caller, const char *name, const char *version, void **found)
{
	const struct link_map *own = symbols_own(), *map = own, *at;

	if (!own)
		return false;
	if (!symbols_hold(own, caller)) {
		if (!symbols_led() || !symbols_are_ours(name))
			return false;
		map = symbols_object_of(caller);
		for (at = own; at && at != map; at = at->l_next)
			;
		/* An object before the shim gets the shim's function from the linker. */
		if (!map || !at)
			return false;
	}
	*found = symbols_next(map, name, version);
	return *found != NULL;
}

NO_SANITIZE static __attribute__((noinline)) void lead_for(const char *name)
{
	if (symbols_are_ours(name) && !symbols_lead())
		report(name, "cannot be kept from libc's own function", ENOMEM,
		       "try again when there is more memory");
}

/* Whether the shim answers; *FOUND is the answer then. */
NO_SANITIZE static inline bool look(void *handle, const char *name, const char *version,
				    const void *caller, void **found)
{
	if (!name)
		return false;
	if (handle == RTLD_NEXT)
		return find_next(caller, name, version, found);
	/* Without a handle and a version, preloaded objects come first anyway. */
	if ((handle != RTLD_DEFAULT || version) && !symbols_led())
		lead_for(name);
	return false;
}

#define DLSYM(function) \
	WRAP(void *, function, void *handle, const char *name); \
	NO_SANITIZE JUMPS void *pt_##function(void *handle, const char *name) \
	{ \
		void *found; \
		if (look(handle, name, NULL, __builtin_return_address(0), &found)) \
			return found; \
		return REAL(function)(handle, name); \
	}

DLSYM(dlsym)
#ifdef TIME64_MUSL
DLSYM(__dlsym_time64)
#endif

#ifdef HAVE_dlvsym
WRAP(void *, dlvsym, void *handle, const char *name, const char *version);

NO_SANITIZE JUMPS void *pt_dlvsym(void *handle, const char *name, const char *version)
{
	void *found;

	if (look(handle, name, version, __builtin_return_address(0), &found))
		return found;
	return REAL(dlvsym)(handle, name, version);
}
#endif
