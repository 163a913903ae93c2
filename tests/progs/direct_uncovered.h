/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of wrap/uncovered.c share: what it asks, and what it says. See direct.h. */
#ifndef DIRECT_UNCOVERED_H
#define DIRECT_UNCOVERED_H

#include "core/report.h"
#include "core/valgrind.h"
#include "session/handover.h"
#include "session/helper.h"
#include "session/hints_use.h"
#include "session/session.h"

#include "direct.h"

static int hook_need(void);
static bool hook_for_caller(void);
static bool hook_news(const char *name);
static void hook_report(const char *path, const char *what, int error,
			const char *remedy);
static void hook_place(const char *shim, const char *name, char *out, size_t size);
static int hook_valgrind(void);

#define session_need hook_need
#define session_is_for_caller hook_for_caller
#define session_news hook_news
#define report hook_report
#define helper_place hook_place
#define valgrind_runs hook_valgrind
#include "wrap/uncovered.c"
#undef session_need
#undef session_is_for_caller
#undef session_news
#undef report
#undef helper_place
#undef valgrind_runs

#define DOOR "/tmp/privtmp-door"

static int state_after_need, settles, needs, reports;
static bool for_caller, everywhere, two_users, no_pages, in_valgrind, has_own, no_news;
static const char *told; /* what was asked to be news */
static char said_of[NAME_ROOM];
static const char *said_what, *said_remedy;
static unsigned facts_at_first, facts_through;
static struct link_map own = { .l_name = (char *)"/opt/libprivtmp.so" };

static int hook_need(void)
{
	needs++;
	pt_session.state = state_after_need;
	return 0;
}

static bool hook_for_caller(void)
{
	return for_caller;
}

static bool hook_news(const char *name)
{
	told = name;
	return !no_news;
}

static void hook_report(const char *path, const char *what, int error, const char *remedy)
{
	IS(error, 0);
	reports++;
	snprintf(said_of, sizeof said_of, "%s", path);
	said_what = what;
	said_remedy = remedy;
}

static void hook_place(const char *shim, const char *name, char *out, size_t size)
{
	TEXT_IS("the shim", shim, has_own ? own.l_name : NULL);
	TEXT_IS("the program", name, "privtmp-door");
	snprintf(out, size, "%s", DOOR);
}

static int hook_valgrind(void)
{
	return in_valgrind;
}

const struct link_map *symbols_own(void)
{
	return has_own ? &own : NULL;
}

bool exec_everywhere(void)
{
	return everywhere;
}

bool look_two_users(void)
{
	return two_users;
}

void look_at(struct look *look, int dirfd, const char *path, int flags)
{
	IS(dirfd, AT_FDCWD);
	IS(flags, 0);
	TEXT_IS("the shell", path, "/bin/sh");
	look->facts = facts_at_first;
}

void look_through(struct look *look)
{
	look->facts |= facts_through;
}

void look_end(struct look *look)
{
	look->fd = -1;
}

void *exec_pages(size_t size)
{
	return no_pages ? NULL : malloc(size);
}

int exec_env_settle(struct exec_env *env, char *const *envp, int parent)
{
	(void)env, (void)envp;
	IS(parent, 7);
	return settles;
}

char **exec_env_preload(char *const *envp)
{
	return *envp ? (char **)envp : NULL;
}

static void begin(void)
{
	memset(&pt_session, 0, sizeof pt_session);
	pt_session.state = SESSION_LIVE;
	state_after_need = settles = needs = reports = 0;
	for_caller = everywhere = two_users = no_pages = in_valgrind = no_news = false;
	has_own = true;
	told = said_what = said_remedy = NULL;
	facts_at_first = facts_through = 0;
	said_of[0] = '\0';
}

static void use(unsigned uncovered)
{
	pt_session.lease.policy.uncovered = uncovered;
}

#endif
