/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of paths that ld.so reads; see lists.h. */
#define _GNU_SOURCE
#include "route/lists.h"
#include "core/report.h"
#include "route/walk.h"
#include "session/own.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

static const char separators[] = " :;";

bool list_is(const char *entry)
{
	static const char names[][24] = { "LIBRARY_PATH=", "AUDIT=", "PRELOAD=",
					  "DEBUG_OUTPUT=", "PROFILE_OUTPUT=" };
	const char *behind = text_after(entry, "LD_");

	for (size_t i = 0; behind && i < sizeof names / sizeof *names; i++)
		if (text_after(behind, names[i]))
			return true;
	return false;
}

bool list_next(const char **at, struct text *element)
{
	while (**at) {
		*element = (struct text){ *at, text_until(*at, separators) };
		*at += element->len + ((*at)[element->len] != '\0');
		if (element->len)
			return true;
	}
	return false;
}

/* The prefix of an element whose words lead into a backing; NULL: none. */
static const struct text *prefix_of(const char *at, size_t len, unsigned guard)
{
	size_t inside;

	view_guard_of(at, len, &inside);
	return view_is_shared(at, len, inside) ? NULL :
						 &pt_view.policy->guard[guard].prefix;
}

/* What the real paths are written to. */
struct output {
	char *to; /* NULL: the bytes are only counted that they may take */
	size_t size, room;
	int error; /* 0, or -errno */
};

static void append(struct output *out, const char *from, size_t len)
{
	if (out->to && len > out->room - out->size) {
		out->error = -ENOMEM;
		return;
	}
	if (out->to)
		memcpy(out->to + out->size, from, len);
	out->size += len;
}

/* Writes a path at which there is nothing: a root has no libraries. */
static void put_nothing(struct output *out)
{
	const struct text *prefix = &pt_view.policy->guard[0].prefix;

	append(out, prefix->at, prefix->len);
}

/*
 * Writes an element that may lead into a backing by "..", a link or another name. One that
 * does not fit is not searched.
 */
static void put_walked(const char *at, size_t len, struct output *out)
{
	const size_t room = len + POLICY_ROOT_MAX + 1 + PATH_MAX;
	struct walk *walk;
	int error, guard, ret;
	const char *real;
	size_t n;

	if (!out->to) {
		out->size += room;
		return;
	}
	walk = walk_begin(&error);
	if (!walk) {
		out->error = -error;
		return;
	}
	ret = walk_path(walk, AT_FDCWD, at, len, FOLLOW);
	if (walk_is_passing(ret)) {
		out->error = ret;
	} else if (ret < 0) {
		put_nothing(out);
	} else if (!walk->crossed) {
		append(out, at, len);
	} else {
		real = walk_real(walk, &n, &guard);
		if (n <= room && !strpbrk(real, separators))
			append(out, real, n);
		else
			put_nothing(out);
	}
	walk_end(walk);
}

static void put_element(const char *at, size_t len, struct output *out)
{
	const struct text *prefix;
	unsigned guard = 0;

	/* $ORIGIN, $LIB: expanded by ld.so, and outside of the view */
	const enum view_kind kind = at[0] == '$' ? VIEW_PASS :
						   view_kind_of(at, len, true, &guard);

	if (kind == VIEW_WALK) {
		put_walked(at, len, out);
		return;
	}
	prefix = kind == VIEW_GUARDED ? prefix_of(at, len, guard) : NULL;
	if (prefix)
		append(out, prefix->at, prefix->len);
	append(out, at, len);
}

/* Whether a walk of the element leads into a backing; as list_element_leads. */
static int is_walked_in(const char *at, size_t len)
{
	int error, ret;
	struct walk *walk = walk_begin(&error);

	if (!walk)
		return -error;
	ret = walk_path(walk, AT_FDCWD, at, len, FOLLOW);
	if (!walk_is_passing(ret))
		ret = ret < 0 || walk->crossed;
	walk_end(walk);
	return ret;
}

int list_element_leads(const char *at, size_t len)
{
	unsigned guard = 0;

	if (!len || at[0] == '$')
		return 0;
	switch (view_kind_of(at, len, true, &guard)) {
	case VIEW_WALK: return is_walked_in(at, len);
	case VIEW_GUARDED: return prefix_of(at, len, guard) != NULL;
	default: return 0;
	}
}

int list_leads(const char *entry)
{
	struct text element;
	int leads = 0;

	/* Most entries are no list, and each exec asks of each. */
	if (!list_is(entry))
		return 0;
	for (const char *at = entry + text_until(entry, "=") + 1;
	     !leads && list_next(&at, &element);)
		leads = list_element_leads(element.at, element.len);
	return leads;
}

bool list_may_lead(const char *entry)
{
	struct text element;
	unsigned guard = 0;

	if (!list_is(entry))
		return false;
	for (const char *at = entry + text_until(entry, "=") + 1;
	     list_next(&at, &element);)
		if (element.at[0] != '$' &&
		    view_kind_of(element.at, element.len, true, &guard) != VIEW_PASS)
			return true;
	return false;
}

static ptrdiff_t put_elements(const char *at, struct output *out)
{
	for (;;) {
		size_t len = text_until(at, separators);

		if (len)
			put_element(at, len, out);
		append(out, at + len, 1);
		if (out->error)
			return out->error;
		if (!at[len])
			return (ptrdiff_t)out->size;
		at += len + 1;
	}
}

ptrdiff_t list_put_elements(const char *at, char *to, size_t room)
{
	struct output out = { .to = to, .room = room };

	return put_elements(at, &out);
}

ptrdiff_t list_put(const char *entry, char *to, size_t room)
{
	struct output out = { .to = to, .room = room };
	const size_t name = text_until(entry, "=") + 1;

	append(&out, entry, name);
	return put_elements(entry + name, &out);
}

size_t list_room(const char *entry)
{
	return (size_t)list_put(entry, NULL, 0);
}

void list_show(char *entry)
{
	char *at = entry + text_until(entry, "=") + 1;

	for (;;) {
		size_t len = text_until(at, separators);
		int guard = view_backing_of(at, len);

		if (guard >= 0) {
			size_t prefix = pt_view.policy->guard[guard].prefix.len;

			memmove(at, at + prefix, strlen(at + prefix) + 1);
			len -= prefix;
		}
		if (!at[len])
			return;
		at += len + 1;
	}
}

/* Finds an element of ENTRY in a guarded directory that others can write to. */
static bool find_open(const char *entry, struct text *found)
{
	const char *at = entry + text_until(entry, "=") + 1;

	while (list_next(&at, found))
		if (list_element_leads(found->at, found->len) != 0 &&
		    own_is_open(found->at, found->len))
			return true;
	return false;
}

void list_heed(char *const *envp)
{
	char path[PATH_MAX];
	struct text open;

	for (; envp && *envp; envp++) {
		if (!list_is(*envp) || !find_open(*envp, &open) ||
		    open.len >= sizeof path)
			continue;
		memcpy(path, open.at, open.len);
		path[open.len] = '\0';
		report(path,
		       "others can write there, and the dynamic linker has "
		       "looked there for libraries, before this shim",
		       0,
		       "take it out of LD_LIBRARY_PATH, LD_AUDIT and LD_PRELOAD, or "
		       "use privtmp run");
		session_refuse(EACCES);
		return;
	}
}

/* LD_LIBRARY_PATH, with the relative elements alone; empty: there are none. */
static char relative[1024];
static bool too_long; /* some do not fit */

void list_keep(char *const *envp)
{
	static const char library_path[] = "LD_LIBRARY_PATH=";
	const char *at = NULL;
	struct text element;
	size_t n = sizeof library_path - 1;

	for (; envp && *envp && !at; envp++)
		at = text_after(*envp, library_path);
	while (at && list_next(&at, &element)) {
		if (element.at[0] == '/' || element.at[0] == '$')
			continue;
		if (n + element.len + 2 > sizeof relative) {
			too_long = true;
			continue;
		}
		memcpy(relative + n, element.at, element.len);
		n += element.len;
		relative[n++] = ':';
		memcpy(relative, library_path, sizeof library_path - 1);
	}
}

void list_tell_stray(const char *path)
{
	report(path,
	       "the dynamic linker would look for libraries there, in the shared directory",
	       EACCES, "name it by an absolute path");
}

bool list_strays(void)
{
	char path[sizeof relative] = "LD_LIBRARY_PATH";
	struct text open;

	if (likely(!relative[0] && !too_long))
		return false;
	if (relative[0] && find_open(relative, &open)) {
		memcpy(path, open.at, open.len);
		path[open.len] = '\0';
	} else if (!too_long) {
		return false;
	}
	list_tell_stray(path);
	return true;
}
