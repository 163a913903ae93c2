/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shim in another namespace; see guest.h. */
#define _GNU_SOURCE
#include "wrap/guest.h"
#include "core/libc.h"
#include "core/report.h"
#include "session/enter.h"
#include "session/handover.h"
#include "session/leave.h"
#include "session/session.h"
#include "wrap/exec.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#if defined HAVE_dlmopen && defined __GLIBC__

bool guest_is(void)
{
	return symbols_host() != NULL;
}

/*
 * The number of objects after the guest was loaded, and whether one is the program's,
 * too. Namespaces are few, and a libc that leads to a guest must not outlive it. So
 * namespaces are never closed, but used again when only the guest is left.
 */
static unsigned brought;
static bool taken;

/* The variable OURS in another shim: the same object, loaded elsewhere. */
static void *of_other(const struct link_map *other, const void *ours)
{
	return (void *)((uintptr_t)ours - symbols_own()->l_addr + other->l_addr);
}

static unsigned count(const struct link_map *map)
{
	unsigned n = 0;

	for (; map; map = map->l_next)
		n++;
	return n;
}

/*
 * Joins by the name that the host gives to its children. Not by the environment: in
 * this libc it is the one of the program's start.
 */
void guest_enter(void)
{
	const struct handover *theirs = of_other(symbols_host(), exec_env_published());
	size_t n = 0, to = 0;

	while (libc_environ && libc_environ[n])
		n++;
	char *vector[n + 2];

	for (size_t i = 0; i < n; i++)
		if (strncmp(libc_environ[i], SESSION_VARIABLE "=",
			    sizeof SESSION_VARIABLE) != 0)
			vector[to++] = libc_environ[i];
	if (theirs->variable[0])
		vector[to++] = (char *)theirs->variable;
	vector[to] = NULL;
	session_enter(vector, NULL, NULL);
	brought = count(symbols_own());
	/* Changes by the program are not seen from here. */
	pt_view.cwd_inside = 1;
	/* Now: the host may look into this libc by its handle. */
	symbols_lead();
}

/* Runs before the host's handler, because destructors come first. */
__attribute__((destructor)) static void leave(void)
{
	if (guest_is() && pt_session.state == SESSION_LIVE)
		session_let_go();
}

typedef void *dlmopen_fn(long space, const char *file, int mode);

bool guest_needed(void)
{
	const struct link_map *own = symbols_own();

	if (pt_session.state == SESSION_OFF)
		return false;
	/* An older linker shows its first namespace only. */
	if (own && symbols_next(own, "_dl_find_object", NULL))
		return true;
	report("dlmopen",
	       "what it loads into a namespace of its own has no private directory",
	       ENOSYS, "use glibc 2.35 or later");
	return false;
}

/* Takes a guest that is alone in its namespace; or NULL. */
static const struct link_map *find_alone(void)
{
	const struct link_map *own = symbols_own(), *map;

	for (unsigned n = 1; (map = symbols_space(n)); n++)
		if (map != own && !strcmp(map->l_name, own->l_name) &&
		    count(map) == *(unsigned *)of_other(map, &brought) &&
		    !__atomic_exchange_n((bool *)of_other(map, &taken), true,
					 __ATOMIC_ACQ_REL))
			return map;
	return NULL;
}

void *guest_open(void)
{
	const struct link_map *own = symbols_own(), *guest;
	dlmopen_fn *load = (dlmopen_fn *)symbols_next(own, "dlmopen", NULL);

	session_share();
	session_name_shown(exec_env_published());
	guest = find_alone();
	if (!guest) {
		guest = load(LM_ID_NEWLM, own->l_name, RTLD_NOW);
		if (guest)
			*(bool *)of_other(guest, &taken) = true;
	}
	return (void *)guest;
}

void guest_loaded(void *guest, const void *object)
{
	const struct link_map *map = guest;
	unsigned n = *(unsigned *)of_other(map, &brought);

	for (; object && map && n--; map = map->l_next)
		if (map == object)
			return;
	__atomic_store_n((bool *)of_other(guest, &taken), false, __ATOMIC_RELEASE);
}

long guest_space(void *guest)
{
	Lmid_t space = LM_ID_NEWLM;

	return dlinfo(guest, RTLD_DI_LMID, &space) ? LM_ID_NEWLM : space;
}

#else

bool guest_is(void)
{
	return false;
}

void guest_enter(void)
{
}

#endif
