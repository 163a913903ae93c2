/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where roots are made; see places.h. */
#define _GNU_SOURCE
#include "policy/places.h"
#include "core/sys.h"
#include "policy/compose.h"
#include "policy/config.h"
#include "policy/policy.h"

#include <string.h>

/*
 * A root lies in the guarded directory itself, so that capacity, quota, mount options
 * and EXDEV stay what they were; or in the directory that was asked for.
 */
size_t place_of_root(const struct settings *settings, const struct text *view, char *out,
		     size_t size)
{
	const char *root = settings->root;
	const struct text asked = { root, root ? strlen(root) : 0 };

	if (asked.len)
		return policy_plain_path(&asked, out, size);
	if (view->len >= size)
		return 0;
	text_copy(view, out);
	return view->len;
}

/* On tmpfs, or in the user's run-time directory: on both a mapping keeps a lock. */
bool place_of_lease(unsigned n, unsigned owner, char *out, size_t size)
{
	static const char shared[] = "/dev/shm", user[] = PLACE_OF_USERS "/";

	if (size < sizeof user + SYS_DECIMAL)
		return false;
	switch (n) {
	case 0: memcpy(out, shared, sizeof shared); return true;
	case 1:
		memcpy(out, user, sizeof user);
		sys_decimal(owner, out + sizeof user - 1);
		return true;
	default: return false;
	}
}

struct looking {
	const struct settings *settings;
	void (*look)(void *arg, const char *dir);
	void *arg;
};

/*
 * TEXT is guarded, or holds roots. A session with other settings may guard it the other
 * way.
 */
static void look_in(const struct looking *l, const struct text *text)
{
	char dir[POLICY_ROOT_MAX + 1], place[POLICY_ROOT_MAX + 1];
	const struct text plain = { dir, policy_plain_path(text, dir, sizeof dir) };

	if (!plain.len)
		return;
	l->look(l->arg, dir);
	if (place_of_root(l->settings, &plain, place, sizeof place) &&
	    strcmp(place, dir) != 0)
		l->look(l->arg, place);
}

static void look_in_list(const struct looking *l, const char *list)
{
	struct text element;

	while (policy_element(&list, &element))
		look_in(l, &element);
}

static void look_at_configured(void *arg, const struct config_place *place,
			       const struct config_line *line)
{
	(void)place;
	if (line->kind == CONFIG_SETTING &&
	    (line->key == SETTING_GUARD || line->key == SETTING_ROOT))
		look_in(arg, &line->value);
}

void places_each(const struct settings *settings, const char *tmpdir, unsigned owner,
		 void (*look)(void *arg, const char *dir), void *arg)
{
	struct looking l = { settings, look, arg };
	const struct config config = {
		.sink = look_at_configured,
		.arg = &l,
		.every = true,
	};
	char dir[POLICY_ROOT_MAX + 1];

	if (!settings->guard || settings->guard[0] != ':')
		look_in_list(&l, policy_default_guard);
	look_in_list(&l, settings->guard);
	look_in_list(&l, settings->root);
	look_in_list(&l, tmpdir);
	config_read(&config);
	for (unsigned i = 0; place_of_lease(i, owner, dir, sizeof dir); i++)
		look(arg, dir);
}
