/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of wrap/exec_env.c share: a session, lists and a preload by hand. See direct.h. */
#ifndef DIRECT_EXEC_ENV_H
#define DIRECT_EXEC_ENV_H

#include "core/sys.h"
#include "route/lists.h"
#include "session/handover.h"

#include "direct_view.h"

#include <dlfcn.h>
#include <sys/mman.h>

static int hook_share(void);
static int hook_need(void);
static void hook_handover(struct handover *handover, int parent, bool apart);
static void hook_handover_end(struct handover *handover);
static void hook_name_shown(struct handover *handover);
static bool hook_for_caller(void);
static bool hook_callers(void);
static bool hook_list_is(const char *entry);
static int hook_leads(const char *entry);
static ptrdiff_t hook_put(const char *entry, char *to, size_t room);
static size_t hook_room(const char *entry);
static void hook_show(char *entry);
static void *hook_pages(size_t size, int *error);

#define session_share hook_share
#define session_need hook_need
#define session_handover hook_handover
#define session_handover_end hook_handover_end
#define session_name_shown hook_name_shown
#define session_is_for_caller hook_for_caller
#define session_has_callers_variables hook_callers
#define list_is hook_list_is
#define list_may_lead hook_list_is
#define list_leads hook_leads
#define list_put hook_put
#define list_room hook_room
#define list_show hook_show
#define sys_pages hook_pages
#include "wrap/exec_env.c"
#undef session_share
#undef session_need
#undef session_handover
#undef session_handover_end
#undef session_name_shown
#undef session_is_for_caller
#undef session_has_callers_variables
#undef list_is
#undef list_may_lead
#undef list_leads
#undef list_put
#undef list_room
#undef list_show
#undef sys_pages

#define SHIM "/opt/libprivtmp.so"
#define NAMED SESSION_VARIABLE "=named"
#define LEADS "LIST=leads"

static int shares, needs, shows, keeps, ended, parent_told;
static int share_answers, state_after_need, put_fails;
static bool for_caller, callers, no_pages, no_name, apart_told;
static const char *given;   /* the shim's word */
static const char *lasting; /* what stands for it */
static const struct link_map *own;

static int hook_share(void)
{
	shares++;
	return share_answers;
}

static int hook_need(void)
{
	needs++;
	pt_session.state = state_after_need;
	return 0;
}

static void hook_handover(struct handover *handover, int parent, bool apart)
{
	parent_told = parent;
	apart_told = apart;
	handover->fd = -1;
	strcpy(handover->variable, no_name ? "" : NAMED);
}

static void hook_handover_end(struct handover *handover)
{
	(void)handover;
	ended++;
}

static void hook_name_shown(struct handover *handover)
{
	strcpy(handover->variable, SESSION_VARIABLE "=shown");
}

static bool hook_for_caller(void)
{
	return for_caller;
}

static bool hook_callers(void)
{
	return callers;
}

/* Lists are LIST=leads, which becomes LIST=/real, LIST=denied and LIST=here. */
static bool hook_list_is(const char *entry)
{
	return text_after(entry, "LIST=") != NULL;
}

static int hook_leads(const char *entry)
{
	return !strcmp(entry, LEADS) ? 1 : !strcmp(entry, "LIST=denied") ? -EACCES : 0;
}

static ptrdiff_t hook_put(const char *entry, char *to, size_t room)
{
	const char *real = !strcmp(entry, LEADS) ? "LIST=/real" : entry;
	const size_t n = strlen(real) + 1;

	if (put_fails)
		return put_fails;
	TRUE(n <= room);
	memcpy(to, real, n);
	return (ptrdiff_t)n;
}

static size_t hook_room(const char *entry)
{
	return strlen(entry) + 16;
}

static void hook_show(char *entry)
{
	shows++;
	entry[0] = 'L';
}

static void *hook_pages(size_t size, int *error)
{
	return no_pages ? NULL : sys_pages(size, error);
}

void setuid_keep(void)
{
	keeps++;
}

const struct link_map *symbols_own(void)
{
	return own;
}

void *symbols_libc(void **slot, const char *name)
{
	return *slot = dlsym(RTLD_NEXT, name);
}

const char *preload_given(size_t *len)
{
	*len = given ? strcspn(given, ":") : 0;
	return given;
}

const char *preload_find(const char *value, size_t *len)
{
	*len = strlen("libprivtmp.so");
	return strstr(value, "libprivtmp.so");
}

size_t preload_lasting(const char *word, size_t len, char *to, size_t size)
{
	(void)word, (void)len;
	if (!lasting)
		return 0;
	snprintf(to, size, "%s", lasting);
	return strlen(lasting);
}

bool libc_env_is(const char *entry)
{
	return text_after(entry, "TZ=") != NULL;
}

/* A member in a session; the shim came by LD_PRELOAD. */
static inline void begin(void)
{
	memset(&pt_session, 0, sizeof pt_session);
	begin_view();
	pt_session.main_reached = true;
	pt_session.pid = sys_getpid();
	shares = needs = shows = keeps = ended = share_answers = state_after_need = 0;
	put_fails = 0;
	for_caller = callers = no_pages = no_name = false;
	given = lasting = NULL;
	own = NULL;
	shim_word = SHIM;
	memset(&published, 0, sizeof published);
}

/* Whether VECTOR is these entries. */
static inline void entries_are(int line, char *const *vector, const char *const *wanted)
{
	size_t i = 0;

	for (; wanted[i] && vector[i]; i++)
		direct_text_is(__FILE__, line, "an entry", vector[i], wanted[i]);
	direct_text_is(__FILE__, line, "the end", vector[i], wanted[i]);
}

#define ENTRIES(vector, ...) \
	do { \
		static const char *const these[] = { __VA_ARGS__, NULL }; \
		entries_are(__LINE__, vector, these); \
	} while (0)

#endif
