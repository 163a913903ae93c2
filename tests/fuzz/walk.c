/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libFuzzer's target for the view: a path in a random tree of links, walked by
 * the shim and then by the model of the kernel in what is really there, must
 * end where the model alone ends in the view.
 */
#define _GNU_SOURCE
#include "model.h"
#include "core/sys.h"
#include "session/plan.h"
#include "session/session.h"
#include "session/trust.h"
#include "policy/inherited.h"
#include "route/out.h"
#include "route/shared.h"
#include "route/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

/* -- What the shim asks the kernel, answered by the model -- */

int sys_readable(const void *address)
{
	(void)address;
	return 1;
}

ssize_t sys_readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	struct model_end end = model_walk(MODEL_REAL, model_cwd, path, NOFOLLOW);
	const char *text;
	size_t n;

	(void)dirfd;
	if (end.error)
		return -end.error;
	if (end.node < 0)
		return -ENOENT;
	text = model_text(end.node);
	if (!text)
		return -EINVAL;
	n = strlen(text);
	memcpy(buf, text, n < size ? n : size);
	return (ssize_t)(n < size ? n : size);
}

struct session pt_session;

/* Of what chroot(2) has left outside, of which there is nothing here. */
bool trust_same(const struct statx *a, const struct statx *b)
{
	(void)a;
	(void)b;
	return true;
}

/* What openat2(2) says of a path, down to its last name, where no link may be. */
static long open_without_links(const char *path)
{
	char upto[PATH_MAX];
	struct model_end end = { .error = ENOENT };

	for (size_t n = 1; n <= strlen(path); n++) {
		if (path[n] != '/' && path[n] != '\0')
			continue;
		memcpy(upto, path, n);
		upto[n] = '\0';
		end = model_walk(MODEL_REAL, MODEL_ROOT, upto, NOFOLLOW);
		if (end.error || end.node < 0)
			return end.error ? -end.error : -ENOENT;
		if (model_text(end.node))
			return -ELOOP;
	}
	return end.error || !model_is_dir(end.node) ? -ENOTDIR : 100;
}

long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	(void)a;
	(void)c;
	(void)d;
	(void)e;
	(void)f;
	return number == SYS_openat2 ? open_without_links((const char *)b) : -ENOSYS;
}

/* All backings are there. */
int session_need_backing(unsigned guard, bool tell)
{
	(void)guard;
	(void)tell;
	return 0;
}

ssize_t sys_getcwd(char *buf, size_t size)
{
	return (ssize_t)model_path(model_cwd, buf, size) + 1;
}

size_t sys_fd_path(int fd, char out[SYS_FD_PATH])
{
	(void)fd;
	out[0] = '\0';
	return 0;
}

/* What is shared is there; nothing is inherited, and no name is too long. */
bool shared_is(const char *path, size_t len, size_t inside)
{
	return view_is_shared(path, len, inside);
}

ssize_t out_climb(int dirfd, char *out, size_t size)
{
	(void)dirfd;
	(void)out;
	(void)size;
	return -ENAMETOOLONG;
}

ssize_t out_long_link(int dirfd, const char *link, char room[OUT_ROOM], char **path)
{
	(void)dirfd;
	(void)link;
	(void)room;
	(void)path;
	return 0;
}

int walk_check_link(struct walk *walk, size_t before, size_t *text_len)
{
	(void)walk;
	(void)before;
	(void)text_len;
	return 0;
}

void view_know_cwd(void)
{
}

void view_know_fds(void)
{
}

void *sys_pages(size_t size, int *error)
{
	(void)error;
	return calloc(1, size);
}

void sys_unmap(void *address, size_t size)
{
	(void)size;
	free(address);
}

/* -- A test from the fuzzer's bytes -- */

struct input {
	const uint8_t *at, *end;
};

static unsigned take(struct input *in, unsigned below)
{
	return in->at < in->end ? *in->at++ % below : 0;
}

static const char *const words[] = {
	"tmp", "var", "e", "a", "b", "l", "m", "..", ".", "..", "s", "tmpfoo",
};

/* Writes a path of a few words; ABSOLUTE: 0 no, 1 yes, 2 as it comes. */
static void take_path(struct input *in, char *out, size_t size)
{
	unsigned n = 1 + take(in, 7);
	size_t len = 0;

	out[0] = '\0';
	if (take(in, 2))
		len += (size_t)snprintf(out + len, size - len, "/");
	for (unsigned i = 0; i < n && len + 12 < size; i++) {
		const char *slash = i + 1 < n ? "/" : "";
		unsigned odd = take(in, 8);

		if (odd == 0)
			slash = "//";
		else if (odd == 1)
			slash = "/";
		len += (size_t)snprintf(out + len, size - len, "%s%s",
					words[take(in, sizeof words / sizeof *words)],
					slash);
	}
}

static int take_dir(struct input *in)
{
	char path[64];
	struct model_end end;

	take_path(in, path, sizeof path);
	end = model_walk(MODEL_VIEW, MODEL_ROOT, path, FOLLOW);
	return !end.error && end.node >= 0 && model_is_dir(end.node) ? end.node :
								       MODEL_ROOT;
}

static void take_tree(struct input *in)
{
	unsigned n = take(in, 16);

	for (unsigned i = 0; i < n; i++) {
		int dir = take_dir(in);
		const char *name = words[3 + take(in, 4)];
		char text[56];

		switch (take(in, 3)) {
		case 0: model_make(dir, name, MODEL_DIR, NULL); break;
		case 1: model_make(dir, name, MODEL_FILE, NULL); break;
		default:
			take_path(in, text, sizeof text);
			model_make(dir, name, MODEL_LINK, text);
		}
	}
}

static bool same(const struct model_end *a, const struct model_end *b)
{
	if (a->error || b->error)
		return a->error == b->error;
	if (a->node != b->node)
		return false;
	return a->node >= 0 || (a->dir == b->dir && !strcmp(a->name, b->name));
}

static void tell(const char *what, const struct model_end *end)
{
	char path[512] = "-";

	if (end->node >= 0)
		model_path(end->node, path, sizeof path);
	else if (!end->error)
		model_path(end->dir, path, sizeof path);
	fprintf(stderr, "%s: error %d node %d %s name %s\n", what, end->error, end->node,
		path, end->error ? "" : end->name);
}

/* Where the shim's answer leads, as the kernel takes it. */
static struct model_end by_shim(const char *path, enum follow follow, char *real,
				size_t size)
{
	unsigned guard;
	size_t len = strlen(path);
	struct model_end end;
	struct walk *walk;
	int error, g, ret;

	snprintf(real, size, "%s", path);
	switch (view_kind_of(path, len, true, &guard)) {
	case VIEW_PASS: break;
	case VIEW_GUARDED: {
		size_t inside;

		view_guard_of(path, len, &inside);
		if (!view_is_shared(path, len, inside))
			snprintf(real, size, "%.*s%s",
				 (int)pt_view.policy->guard[guard].prefix.len,
				 pt_view.policy->guard[guard].prefix.at, path);
		break;
	}
	case VIEW_WALK:
		walk = walk_begin(&error);
		ret = walk_path(walk, AT_FDCWD, path, len, follow);
		if (ret < 0) {
			end = (struct model_end){ .error = -ret, .node = -1 };
			walk_end(walk);
			return end;
		}
		if (walk->crossed)
			snprintf(real, size, "%s", walk_real(walk, &len, &g));
		walk_end(walk);
	}
	return model_walk(MODEL_REAL, model_cwd, real, follow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char all_links[] = { LINKS_ACROSS, LINKS_ACROSS };
	static struct policy policy;
	struct input in = { data, data + size };
	enum follow follow;
	char path[128], real[1024];
	struct model_end want, got;

	model_reset();
	if (policy_parse(model_policy, strlen(model_policy), &policy) < 0)
		abort();
	view_use(&policy, all_links);
	take_tree(&in);
	model_cwd = take_dir(&in);
	pt_view.cwd_inside = model_is_private(model_cwd);
	follow = (enum follow)take(&in, 3);
	take_path(&in, path, sizeof path);
	want = model_walk(MODEL_VIEW, model_cwd, path, follow);
	got = by_shim(path, follow, real, sizeof real);
	if (!same(&want, &got)) {
		char cwd[512];

		model_path(model_cwd, cwd, sizeof cwd);
		fprintf(stderr, "path \"%s\" follow %d cwd %s real \"%s\"\n", path,
			follow, cwd, real);
		tell("want", &want);
		tell("got", &got);
		abort();
	}
	return 0;
}
