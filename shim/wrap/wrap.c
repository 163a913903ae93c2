/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the functions behind the wrappers; see wrap.h. */
#define _GNU_SOURCE
#include "wrap/wrap.h"

#include <link.h>

#include "wrap/missing.h"
#include "wrap/symbols.h"

/*
 * dlsym(3) is not used: it is wrapped, takes the linker's lock, and leaves a message on
 * failure.
 */
NO_SANITIZE void *wrap_find(void **slot, const char *name)
{
	const struct link_map *own = symbols_own();
	void *found = own ? symbols_next(own, name, NULL) : NULL;

	if (!found)
		found = missing_find(name);
	__atomic_store_n(slot, found, __ATOMIC_RELAXED);
	return found;
}
