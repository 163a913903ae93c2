/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See libc_env.h. Only a pointer in environ is replaced, for a time: a value that
 * getenv(3) has returned stays as it is.
 */
#define _GNU_SOURCE
#include "wrap/libc_env.h"
#include "core/libc.h"
#include "core/report.h"
#include "core/sys.h"
#include "session/plan.h"
#include "route/lists.h"
#include "session/session.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 1024, MOST = 8 * PATH_MAX, PATIENCE = 2000 };

/* No pointers, which each start would have to relocate. */
static const char names[][sizeof "RESOLV_HOST_CONF="] = {
	"TZ=",	       "TZDIR=",	   "LOCPATH=",		"MUSL_LOCPATH=",
	"GCONV_PATH=", "HOSTALIASES=",	   "RESOLV_HOST_CONF=", "NLSPATH=",
	"DATEMSK=",    "GMON_OUT_PREFIX=", "MALLOC_TRACE=",	"GETCONF_DIR=",
	"HOME=",
};

enum { VARIABLES = sizeof names / sizeof *names, HOME = VARIABLES - 1 };

static struct variable {
	char *was; /* the program's own entry, while this replaces it */
	char room[ROOM];
} variables[VARIABLES];

static const char *name_of(const struct variable *variable)
{
	return names[variable - variables];
}

/* The number of calls that use the replaced values, and of those that use HOME. */
static unsigned users, at_home;
static bool busy;

/*
 * None of these functions may be called in signal handlers, and libc itself locks in
 * them.
 */
static void lock(void)
{
	for (int i = 0;
	     i < PATIENCE && __atomic_exchange_n(&busy, true, __ATOMIC_ACQUIRE); i++)
		sys_moment();
}

static void unlock(void)
{
	__atomic_store_n(&busy, false, __ATOMIC_RELEASE);
}

#define LETTER(c) (1u << ((c) - 'A'))

/* Whether a name may begin with C: each exec, and many calls, ask of the whole environment. */
static bool begins_name(char c)
{
	enum {
		ALL = LETTER('T') | LETTER('L') | LETTER('M') | LETTER('G') |
		      LETTER('H') | LETTER('R') | LETTER('N') | LETTER('D'),
	};

	return c >= 'A' && c <= 'Z' && (LETTER(c) & ALL);
}

static struct variable *variable_of(const char *entry)
{
	if (!begins_name(entry[0]))
		return NULL;
	for (int i = 0; i < VARIABLES; i++)
		if (text_after(entry, names[i]))
			return &variables[i];
	return NULL;
}

bool libc_env_is(const char *entry)
{
	return variable_of(entry) != NULL;
}

/* The variable of ENTRY, if libc would open a guarded path for its value; or NULL. */
static struct variable *led(const char *entry)
{
	struct variable *variable = variable_of(entry);
	struct text element;
	const char *at;

	if (!variable)
		return NULL;
	/* Another thread is about to restore it. */
	if (entry == variable->room)
		return variable;
	if (variable == &variables[HOME] && !__atomic_load_n(&at_home, __ATOMIC_ACQUIRE))
		return NULL;
	at = entry + strlen(name_of(variable));
	/* Relative ones mostly are names in libc's own directories. */
	while (list_next(&at, &element))
		if (element.at[0] == '/' &&
		    list_element_leads(element.at, element.len) != 0)
			return variable;
	return NULL;
}

static bool any_leads(void)
{
	if (!pt_view.policy)
		session_ask();
	if (!pt_view.policy)
		return false;
	for (char **at = libc_environ; at && *at; at++)
		if (led(*at))
			return true;
	return false;
}

/* The call may create the named file. */
static void make_backings(const char *value)
{
	struct text element;

	while (list_next(&value, &element)) {
		int guard = view_guard_of(element.at, element.len, NULL);

		if (guard >= 0)
			session_need_backing((unsigned)guard, true);
	}
}

/* Whether ENTRY, SIZE bytes at most with real paths, fits into the variable's room so. */
static bool put_real(struct variable *variable, const char *entry, size_t size)
{
	/* A path that has to be walked asks for more than it comes to. */
	char whole[size > ROOM && size <= MOST ? size : 1];
	ptrdiff_t n;

	if (size <= ROOM)
		return list_put(entry, variable->room, ROOM) >= 0;
	if (size > MOST)
		return false;
	n = list_put(entry, whole, size);
	if (n < 0 || n > ROOM)
		return false;
	memcpy(variable->room, whole, (size_t)n);
	return true;
}

static void put_value(struct variable *variable, char **at)
{
	const size_t name = strlen(name_of(variable));

	variable->was = *at;
	if (session_need() == 0)
		make_backings(*at + name);
	if (!put_real(variable, *at, list_room(*at))) {
		report(*at + name,
		       "libc would look there in the shared directory, and "
		       "is told of nothing",
		       0, "name a shorter path");
		strcpy(variable->room, name_of(variable));
	}
	__atomic_store_n(at, variable->room, __ATOMIC_RELEASE);
}

bool libc_env_begin(void)
{
	int saved = errno;

	if (!__atomic_load_n(&users, __ATOMIC_ACQUIRE) && !any_leads())
		return false;
	lock();
	users++;
	for (char **at = libc_environ; at && *at; at++) {
		struct variable *variable = led(*at);

		if (variable && !variable->was)
			put_value(variable, at);
	}
	unlock();
	errno = saved;
	return true;
}

bool libc_env_begin_home(void)
{
	__atomic_fetch_add(&at_home, 1, __ATOMIC_ACQ_REL);
	if (libc_env_begin())
		return true;
	__atomic_fetch_sub(&at_home, 1, __ATOMIC_ACQ_REL);
	return false;
}

void libc_env_end_home(void)
{
	__atomic_fetch_sub(&at_home, 1, __ATOMIC_ACQ_REL);
	libc_env_end();
}

static void restore_value(struct variable *variable)
{
	for (char **at = libc_environ; at && *at; at++)
		if (*at == variable->room)
			__atomic_store_n(at, variable->was, __ATOMIC_RELEASE);
	variable->was = NULL;
}

void libc_env_end(void)
{
	lock();
	if (--users == 0)
		for (int i = 0; i < VARIABLES; i++)
			if (variables[i].was)
				restore_value(&variables[i]);
	unlock();
}
