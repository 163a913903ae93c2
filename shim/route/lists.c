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
static const struct text *root_of(const char *at, size_t len, unsigned guard)
{
	size_t inside;

	view_guard_of(at, len, &inside);
	return view_is_shared(at, len, inside) ? NULL :
						 &pt_view.policy->guard[guard].prefix;
}

static size_t append(char *to, const char *from, size_t len)
{
	if (to)
		memcpy(to, from, len);
	return len;
}

/* Writes a path at which there is nothing: a root has no libraries. */
static size_t put_nothing(char *to)
{
	const struct text *prefix = &pt_view.policy->guard[0].prefix;

	return append(to, prefix->at, prefix->len);
}

/*
 * Writes an element that leads into a backing by "..", a link or another name. Takes
 * the same room each time. An element that does not fit is not searched.
 */
static size_t put_walked(const char *at, size_t len, char *to)
{
	const size_t room = len + POLICY_ROOT_MAX + 1 + PATH_MAX;
	struct walk *walk;
	int error, guard, ret;
	size_t n = 0;

	if (!to)
		return room;
	walk = walk_begin(&error);
	if (!walk)
		return put_nothing(to);
	ret = walk_path(walk, AT_FDCWD, at, len, FOLLOW);
	if (ret == 0 && walk->crossed) {
		const char *real = walk_real(walk, &n, &guard);

		n = n <= room && !strpbrk(real, separators) ? append(to, real, n) :
							      put_nothing(to);
	} else {
		n = ret ? put_nothing(to) : append(to, at, len);
	}
	walk_end(walk);
	return n;
}

static size_t put_element(const char *at, size_t len, char *to)
{
	const struct text *root;
	unsigned guard = 0;
	size_t n = 0;

	if (at[0] == '$') /* $ORIGIN, $LIB: expanded by ld.so, and outside of the view */
		return append(to, at, len);
	switch (view_kind_of(at, len, true, &guard)) {
	case VIEW_WALK: return put_walked(at, len, to);
	case VIEW_GUARDED:
		root = root_of(at, len, guard);
		if (root)
			n = append(to, root->at, root->len);
		return n + append(to ? to + n : NULL, at, len);
	default: return append(to, at, len);
	}
}

/* Whether a walk of the element leads into a backing. */
static bool is_walked_in(const char *at, size_t len)
{
	int error;
	struct walk *walk = walk_begin(&error);
	bool led;
	int ret;

	if (!walk)
		return true;
	ret = walk_path(walk, AT_FDCWD, at, len, FOLLOW);
	/* Asked again for the room and for what is put there: the answer has to be the same. */
	led = (ret != 0 && !walk_is_passing(ret)) || walk->crossed;
	walk_end(walk);
	return led;
}

bool list_element_leads(const char *at, size_t len)
{
	unsigned guard = 0;

	if (!len || at[0] == '$')
		return false;
	switch (view_kind_of(at, len, true, &guard)) {
	case VIEW_WALK: return is_walked_in(at, len);
	case VIEW_GUARDED: return root_of(at, len, guard) != NULL;
	default: return false;
	}
}

bool list_leads(const char *entry)
{
	struct text element;

	/* Most entries are no list, and each exec asks of each. */
	if (!list_is(entry))
		return false;
	for (const char *at = entry + text_until(entry, "=") + 1;
	     list_next(&at, &element);)
		if (list_element_leads(element.at, element.len))
			return true;
	return false;
}

size_t list_put_elements(const char *at, char *to)
{
	size_t size = 0;

	for (;;) {
		size_t len = text_until(at, separators);

		if (len)
			size += put_element(at, len, to ? to + size : NULL);
		size += append(to ? to + size : NULL, at + len, 1);
		if (!at[len])
			return size;
		at += len + 1;
	}
}

size_t list_put(const char *entry, char *to)
{
	const size_t name = text_until(entry, "=") + 1;

	append(to, entry, name);
	return name + list_put_elements(entry + name, to ? to + name : NULL);
}

void list_show(char *entry)
{
	char *at = entry + text_until(entry, "=") + 1;

	for (;;) {
		size_t len = text_until(at, separators);
		int guard = view_backing_of(at, len);

		if (guard >= 0) {
			size_t root = pt_view.policy->guard[guard].prefix.len;

			memmove(at, at + root, strlen(at + root) + 1);
			len -= root;
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
		if (list_element_leads(found->at, found->len) &&
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
	report(path,
	       "the dynamic linker would look for libraries there, in the shared directory",
	       EACCES, "name it in LD_LIBRARY_PATH by an absolute path");
	return true;
}
