/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which paths lead to guarded directories; see view.h.
 *
 * A guarded directory can be entered by name only. So a path that names no component of
 * a guarded directory's own path ("tmp", "var"), and does not start inside one, cannot
 * lead there, except by a link that was there before, which is a documented limit. Most
 * paths are decided by that.
 */
#define _GNU_SOURCE
#include "policy/view.h"
#include "core/layout.h"
#include "core/owner.h"
#include "core/sys.h"
#include "policy/inherited.h"
#include "policy/scan.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static const unsigned char no_links[2];
static const unsigned char links_before[2] = { LINKS_OUTSIDE, LINKS_OUTSIDE };

struct view pt_view PRIVTMP_HIDDEN EACH_START = {
	.links = no_links,
	/* Page 1 does not belong to slot 0, so NULL is never taken as known. */
	.pages = { VIEW_PAGE },
	/* Until a policy is known, each path gets a second look. */
	.suspect = { [0 ... 255] = SUSPECT_ABSOLUTE | SUSPECT_RELATIVE },
};

static void suspect_components(unsigned char suspect[256], const struct text *view)
{
	for (size_t i = 0; i < view->len; i++)
		if (view->at[i] == '/')
			suspect[(unsigned char)view->at[i + 1]] |= SUSPECT_RELATIVE;
	suspect[(unsigned char)view->at[1]] |= SUSPECT_ABSOLUTE;
}

/* Marks the first byte of a shared pattern behind the guard. */
static void suspect_share(unsigned char suspect[256], const struct text *share)
{
	size_t inside;
	int g = view_guard_of(share->at, share->len, &inside);

	if (g >= 0 && inside < share->len && !strchr("*?[\\", share->at[inside]))
		suspect[(unsigned char)share->at[inside]] |= SUSPECT_SHARE |
							     SUSPECT_RELATIVE;
	else
		for (int c = 0; c < 256; c++)
			suspect[c] |= SUSPECT_SHARE | SUSPECT_RELATIVE;
}

static bool is_same_quick(const struct quick_guard *a, const struct quick_guard *b)
{
	return a->word == b->word && a->mask == b->mask && a->len == b->len &&
	       a->bit == b->bit && a->prefix_len == b->prefix_len &&
	       !memcmp(a->prefix, b->prefix, sizeof a->prefix);
}

/* Writes only what is new: other threads may be looking at it. */
static void put_quick(unsigned index, const struct quick_guard *quick)
{
	struct quick_guard *to = &pt_view.quick[index];

	if (!is_same_quick(to, quick))
		*to = *quick;
}

static void begin_quick(struct quick_guard *quick, const struct text *view)
{
	size_t len = view->len;
	size_t n = len < sizeof quick->word ? len : sizeof quick->word;

	memset(quick, 0, sizeof *quick);
	memcpy(&quick->word, view->at, n);
	memset(&quick->mask, 0xff, n);
	if (len < sizeof quick->word) {
		memcpy((char *)&quick->word + len, "/", 1);
		memset((char *)&quick->mask + len, 0xff, 1);
	}
	quick->len = (uint32_t)len;
}

/* A guard that the quick look does not take: its paths need a route. */
static void make_slow(unsigned index, const struct text *view)
{
	struct quick_guard quick;

	begin_quick(&quick, view);
	put_quick(index, &quick);
}

static void make_quick(unsigned index, const struct guard *guard)
{
	struct quick_guard quick;

	begin_quick(&quick, &guard->view);
	if (guard->prefix.len <= sizeof quick.prefix) {
		quick.bit = 1u << index;
		quick.prefix_len = (uint32_t)guard->prefix.len;
		memcpy(quick.prefix, guard->prefix.at, guard->prefix.len);
	}
	put_quick(index, &quick);
}

/* From now on no relative path passes the glance. */
static void suspect_relative(void)
{
	for (int c = 0; c < 256; c++)
		__atomic_fetch_or(&pt_view.suspect[c], SUSPECT_RELATIVE,
				  __ATOMIC_RELAXED);
}

/* What a first byte tells, by POLICY. */
static void suspect_by(unsigned char suspect[256], const struct policy *policy)
{
	/* While no policy is known, no path passes the glance. */
	memset(suspect, policy ? 0 : SUSPECT_ABSOLUTE | SUSPECT_RELATIVE, 256);
	if (!policy)
		return;
	for (unsigned i = 0; i < policy->guards; i++)
		suspect_components(suspect, &policy->guard[i].view);
	for (unsigned i = 0; i < policy->aliases; i++)
		suspect_components(suspect, &policy->alias[i]);
	for (unsigned i = 0; i < policy->shares; i++)
		suspect_share(suspect, &policy->share[i]);
	for (unsigned i = 0; i < policy->owns; i++)
		suspect_share(suspect, &policy->own[i].path);
	/* ".privtmp-...": see view_is_shared. */
	suspect['.'] |= SUSPECT_SHARE;
	/* "/tmp/", "/tmp//x": not shared, but not plain. */
	suspect['\0'] |= SUSPECT_SHARE;
	suspect['/'] |= SUSPECT_SHARE;
	/* "//tmp", "/./tmp"; /proc/self/root/tmp, /dev/fd/N/tmp. */
	for (const char *c = "/.pd"; *c; c++)
		suspect[(unsigned char)*c] |= SUSPECT_ABSOLUTE;
	/* "./tmp"; proc/self/root/tmp, dev/fd/N/tmp; self/cwd/tmp, N/tmp. */
	for (const char *c = ".pdsrcfm0123456789"; *c; c++)
		suspect[(unsigned char)*c] |= SUSPECT_RELATIVE;
	/* A refused call is tried again, so it must not end in a jump. */
	for (int c = 0; (pt_view.links_exact || pt_view.confined) && c < 256; c++)
		suspect[c] |= SUSPECT_ABSOLUTE | SUSPECT_RELATIVE;
	for (int c = 0; view_is_exact() && c < 256; c++)
		suspect[c] |= SUSPECT_RELATIVE;
}

/*
 * Other threads go on by paths meanwhile, where the session is made that was planned. So what
 * stays true is not written, and no byte that is suspect before and after is not between.
 */
void view_use(const struct policy *policy, const volatile unsigned char *links)
{
	const bool exact = policy && policy->links == FOLLOW_EXACT;
	const bool confined = policy && policy->confine == CONFINE_YES;
	const unsigned quicks = policy ? policy->guards + policy->aliases : 0;
	unsigned char suspect[256];

	if (!links)
		links = pt_view.links_before ? links_before : no_links;
	if (pt_view.policy != policy)
		pt_view.policy = policy;
	if (pt_view.mixed)
		pt_view.mixed = false;
	if (pt_view.links_exact != exact)
		pt_view.links_exact = exact;
	if (pt_view.confined != confined)
		pt_view.confined = confined;
	for (unsigned i = 0; policy && i < policy->guards; i++)
		make_quick(i, &policy->guard[i]);
	for (unsigned i = 0; policy && i < policy->aliases; i++)
		make_slow(policy->guards + i, &policy->alias[i]);
	if (pt_view.quicks != quicks)
		pt_view.quicks = quicks;
	__atomic_store_n(&pt_view.links, links, __ATOMIC_RELEASE);
	suspect_by(suspect, policy);
	for (int c = 0; c < 256; c++)
		__atomic_store_n(&pt_view.suspect[c], suspect[c], __ATOMIC_RELAXED);
	if (!policy)
		return;
	/* Another thread may have made it so meanwhile. */
	if (view_is_exact())
		suspect_relative();
	else if (pt_view.cwd_inside)
		view_know_cwd();
}

void view_exact(void)
{
	__atomic_store_n(&pt_view.exact, true, __ATOMIC_RELAXED);
	suspect_relative();
}

/*
 * The session is mixed, so every path that may lead into a backing is walked: no guard
 * is plain, and no relative path passes. The flag is set last. Until it is, other
 * threads come here, too.
 */
static void view_mix(void)
{
	const volatile unsigned char *links =
		__atomic_load_n(&pt_view.links, __ATOMIC_ACQUIRE);

	if (__atomic_exchange_n(&pt_view.mixed, true, __ATOMIC_ACQ_REL))
		return;
	for (unsigned i = 0; i < pt_view.quicks; i++)
		__atomic_store_n(&pt_view.quick[i].bit, 0, __ATOMIC_RELAXED);
	suspect_relative();
	__atomic_store_n(&pt_view.links, links + 1, __ATOMIC_RELEASE);
}

/* Moves past slashes and "." components. */
static size_t skip_dots(const char *path, size_t at, size_t len)
{
	for (;;) {
		while (at < len && path[at] == '/')
			at++;
		if (at < len && path[at] == '.' && (at + 1 == len || path[at + 1] == '/'))
			at++;
		else
			return at;
	}
}

bool view_begins_with(const char *path, size_t len, const struct text *dir,
		      size_t *inside)
{
	size_t at = 0, d = 0;

	if (!len || path[0] != '/')
		return false;
	while (d < dir->len) {
		d++; /* the slash */
		at = skip_dots(path, at, len);
		while (d < dir->len && dir->at[d] != '/') {
			if (at == len || path[at] != dir->at[d])
				return false;
			at++;
			d++;
		}
		if (at < len && path[at] != '/')
			return false;
	}
	*inside = skip_dots(path, at, len);
	return true;
}

int view_guard_of(const char *path, size_t len, size_t *inside)
{
	const struct policy *policy = pt_view.policy;
	size_t ignored;

	for (unsigned i = 0; policy && i < policy->guards; i++)
		if (view_begins_with(path, len, &policy->guard[i].view,
				     inside ? inside : &ignored))
			return (int)i;
	return -1;
}

/* Whether PATH is a directory above DIR. */
static bool is_above(const char *path, size_t len, const struct text *dir)
{
	size_t in = 0;

	for (size_t at = 0; (at = skip_dots(path, at, len)) < len;) {
		const char *end = memchr(path + at, '/', len - at);
		const size_t n = end ? (size_t)(end - path) - at : len - at;

		if (dir->len - in <= n + 1 || memcmp(dir->at + in + 1, path + at, n) != 0)
			return false;
		at += n;
		in += n + 1;
		if (dir->at[in] != '/')
			return false;
	}
	return true;
}

bool view_above_guard(const char *path, size_t len)
{
	const struct policy *policy = pt_view.policy;

	for (unsigned i = 0; i < policy->guards; i++)
		if (is_above(path, len, &policy->guard[i].view))
			return true;
	return false;
}

int view_backing_of(const char *real, size_t len)
{
	const struct policy *policy = pt_view.policy;

	for (unsigned i = 0; policy && i < policy->guards; i++) {
		const struct guard *g = &policy->guard[i];
		size_t n = g->prefix.len + g->view.len;

		if (len >= n && !memcmp(real, g->prefix.at, g->prefix.len) &&
		    !memcmp(real + g->prefix.len, g->view.at, g->view.len) &&
		    (len == n || real[n] == '/'))
			return (int)i;
	}
	return -1;
}

/*
 * Whether it still belongs to its owner: someone else may have made another one, or mounted one
 * that says so. What is mounted nowhere is on the file system of the guarded directory.
 */
static bool is_owners(const struct own *own)
{
	char path[POLICY_OWN_MAX + 1];
	struct statx st;
	int ret;

	memcpy(path, own->path.at, own->path.len);
	path[own->path.len] = '\0';
	ret = sys_look(AT_FDCWD, path, &st);
	if (ret < 0)
		return ret == -ENOENT;
	return (st.stx_uid == 0 || st.stx_uid == own->uid) &&
	       !owner_is_said_at(path, &st);
}

/* Whether PATH lies in an own directory. */
static bool is_own(const char *path, size_t len)
{
	const struct policy *policy = pt_view.policy;
	size_t inside;

	for (unsigned i = 0; i < policy->owns; i++)
		if (view_begins_with(path, len, &policy->own[i].path, &inside) &&
		    is_owners(&policy->own[i]))
			return true;
	return false;
}

bool view_is_shared(const char *path, size_t len, size_t inside)
{
	if (inside >= len)
		return false; /* a guarded directory itself is never shared */
	if (!view_suspects(path[inside], SUSPECT_SHARE))
		return false;
	/*
	 * A library behind ours may pass a redirected path to another wrapped call.
	 * Nobody else can name a backing.
	 */
	return policy_shared(pt_view.policy, path, len) || is_own(path, len) ||
	       view_backing_of(path, len) >= 0;
}

static bool has_component(const struct text *path, const char *c, size_t n)
{
	for (size_t at = 0; at < path->len;) {
		size_t start = ++at;

		while (at < path->len && path->at[at] != '/')
			at++;
		if (at - start == n && !memcmp(path->at + start, c, n))
			return true;
	}
	return false;
}

/* Whether the component C is one of a guarded directory's path, or of an alias. */
static bool is_guard_name(const char *c, size_t n)
{
	const struct policy *policy = pt_view.policy;

	if (!view_suspects(c[0], SUSPECT_RELATIVE))
		return false;
	for (unsigned i = 0; i < policy->guards; i++)
		if (has_component(&policy->guard[i].view, c, n))
			return true;
	for (unsigned i = 0; i < policy->aliases; i++)
		if (has_component(&policy->alias[i], c, n))
			return true;
	return false;
}

static bool has_alias(const char *path, size_t len)
{
	size_t inside;

	for (unsigned i = 0; i < pt_view.policy->aliases; i++)
		if (view_begins_with(path, len, &pt_view.policy->alias[i], &inside))
			return true;
	return false;
}

static bool is_number(const char *c, size_t n)
{
	size_t digits = 0;

	while (digits < n && c[digits] >= '0' && c[digits] <= '9')
		digits++;
	return digits == n;
}

/*
 * Whether the first component C leads to magic links of procfs: /proc, /dev/fd; for a
 * relative path: or may lie in these.
 */
static bool is_magic_name(const char *c, size_t n, bool absolute)
{
	static const char *const names[] = { "proc", "dev", "self", "thread-self", "task",
					     "root", "cwd", "fd",   "map_files" };
	size_t count = absolute ? 2 : sizeof names / sizeof *names;

	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == n && !memcmp(names[i], c, n))
			return true;
	return !absolute && is_number(c, n);
}

/*
 * Whether the component C behind that of a process's number leads to directories that
 * this process may have from elsewhere: of its own ones, inherited.c knows.
 */
static bool is_others_name(const char *c, size_t n)
{
	return (n == 3 && !memcmp(c, "cwd", n)) || (n == 2 && !memcmp(c, "fd", n));
}

/*
 * Whether the component C of a path that begins at magic links leads to this process's
 * descriptors: fd; /dev/stdin and the like. /dev/null and /dev/tty do not, and each shell
 * opens these.
 */
static bool is_descriptors_name(const char *c, size_t n)
{
	return (n == 2 && !memcmp(c, "fd", n)) || (n > 3 && !memcmp(c, "std", 3));
}

/* What the components of a path tell. */
struct look {
	bool first_is_guard_name;
	bool names_guard;
	bool climbs; /* has ".." */
	bool magic;  /* begins where magic links may be */
	bool others; /* ... and may go on by those of another process */
	bool fds;    /* ... or by a descriptor of this one */
};

static void look_at_components(const char *path, size_t len, struct look *look)
{
	bool first = true, number = path[0] != '/';

	*look = (struct look){ .magic = false };
	for (size_t at = 0; (at = skip_dots(path, at, len)) < len;) {
		const char *c = path + at;
		const char *end = memchr(c, '/', len - at);
		size_t n = end ? (size_t)(end - c) : len - at;

		if (n == 2 && c[0] == '.' && c[1] == '.') {
			look->climbs = true;
		} else if (is_guard_name(c, n)) {
			look->names_guard = true;
			look->first_is_guard_name |= first;
		}
		look->fds |= is_descriptors_name(c, n);
		if (first)
			look->magic = is_magic_name(c, n, path[0] == '/');
		/* A relative path can start at the process, or in its /fd. */
		look->others |= look->magic && number && is_others_name(c, n);
		number = is_number(c, n);
		look->others |= number && first && path[0] != '/' && at + n < len;
		first = false;
		at += n;
	}
}

/* The kind of an absolute path, by LOOK. ACROSS: LINKS_ACROSS or 0. */
static enum view_kind kind_of_absolute(const char *path, size_t len,
				       const struct look *look, unsigned across,
				       unsigned *guard)
{
	const bool plain = !look->climbs && !across && !view_is_mixed();
	int g = plain && look->names_guard ? view_guard_of(path, len, NULL) : -1;

	if (g >= 0) {
		*guard = (unsigned)g;
		return VIEW_GUARDED;
	}
	if (look->names_guard && (!plain || look->magic || has_alias(path, len)))
		return VIEW_WALK;
	return look->others || (look->magic && (look->climbs || across ||
						view_is_exact() || view_is_mixed())) ?
		       VIEW_WALK :
		       VIEW_PASS;
}

/* Whether the relative PATH names a shared path, if it starts at a guarded directory. */
static bool names_share(const char *path, size_t len)
{
	const struct policy *policy = pt_view.policy;
	size_t at = skip_dots(path, 0, len), inside;
	enum { MOST = 255 };
	char view[POLICY_PATH + 1 + MOST];

	if (at == len || !view_suspects(path[at], SUSPECT_SHARE))
		return false;
	/* A longer path is cut: a pattern also matches what is below. */
	if (len - at > MOST)
		len = at + MOST;
	for (unsigned i = 0; i < policy->guards; i++) {
		const struct text *guard = &policy->guard[i].view;
		const size_t n = guard->len + 1 + len - at;

		if (guard->len >= POLICY_PATH)
			continue;
		memcpy(view, guard->at, guard->len);
		view[guard->len] = '/';
		memcpy(view + guard->len + 1, path + at, len - at);
		if (policy_shared(policy, view, n))
			return true;
		for (unsigned k = 0; k < policy->owns; k++)
			if (view_begins_with(view, n, &policy->own[k].path, &inside))
				return true;
	}
	return false;
}

enum view_kind view_kind_of(const char *path, size_t len, bool cwd, unsigned *guard)
{
	unsigned across;
	struct look look;

	if (!pt_view.policy || len == 0)
		return VIEW_PASS;
	if (unlikely(view_links() & LINKS_MIXED))
		view_mix();
	across = view_links() & LINKS_ACROSS;
	look_at_components(path, len, &look);
	look.fds |= look.climbs || path[0] != '/';
	if (((look.magic && look.fds) || (!cwd && path[0] != '/')) &&
	    !__atomic_load_n(&pt_view.fds_known, __ATOMIC_RELAXED))
		view_know_fds();
	if (across & LINKS_OUTSIDE)
		return VIEW_WALK;
	if (path[0] == '/')
		return kind_of_absolute(path, len, &look, across, guard);
	if (across || view_is_exact() || look.first_is_guard_name || look.others ||
	    (look.magic && look.names_guard))
		return VIEW_WALK;
	/* It can start in a backing. */
	if ((!cwd || pt_view.cwd_inside) && (view_is_mixed() || names_share(path, len)))
		return VIEW_WALK;
	if (look.climbs && (look.names_guard || look.magic || !cwd || pt_view.cwd_inside))
		return VIEW_WALK;
	return VIEW_PASS;
}

bool view_may_be_guarded(const char *path)
{
	ptrdiff_t len = view_length(path);

	for (ptrdiff_t at = 0; at < len; at++) {
		ptrdiff_t from = at;

		while (at < len && path[at] != '/')
			at++;
		/* Both defaults end in "tmp". */
		if (at - from == 3 && !memcmp(path + from, "tmp", 3))
			return true;
	}
	return false;
}

enum view_kind view_kind(const char *path, bool cwd, unsigned *guard, size_t *len)
{
	ptrdiff_t n;

	*len = 0;
	if (!pt_view.policy)
		return VIEW_PASS;
	n = view_length(path);
	if (n < 0)
		return VIEW_PASS;
	*len = (size_t)n;
	return view_kind_of(path, (size_t)n, cwd, guard);
}
