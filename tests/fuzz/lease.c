/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libFuzzer's target for a lease's text: what is taken for one lies within the text that was
 * read, has roots and prefixes of the one form alone, and says the same again when it is
 * written anew. So does what a further root says of itself. The first byte tells which.
 */
#define _GNU_SOURCE
#include "core/sys.h"
#include "session/lease.h"
#include "session/root_name.h"
#include "session/trust.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* -- The only file that there is -- */

static const char *file;
static size_t file_size;
static char written[POLICY_TEXT_MAX];
static size_t written_size;

/* Nothing is found by a name. */
int sys_look(int dirfd, const char *path, struct statx *st)
{
	(void)dirfd;
	(void)path;
	(void)st;
	abort();
}

int trust_unmounted(const char *root, const struct statx *st)
{
	(void)root;
	(void)st;
	abort();
}

ssize_t sys_pread(int fd, void *buf, size_t size, long offset)
{
	(void)fd;
	(void)offset;
	size = size < file_size ? size : file_size;
	memcpy(buf, file, size);
	return (ssize_t)size;
}

int sys_write_all(int fd, const void *buf, size_t size)
{
	(void)fd;
	if (size > sizeof written)
		abort();
	memcpy(written, buf, size);
	written_size = size;
	return 0;
}

int sys_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	(void)dirfd;
	(void)path;
	(void)flags;
	(void)mode;
	return 3;
}

/* -- What has to hold -- */

static void expect(int holds)
{
	if (!holds)
		abort();
}

static void within(const struct text *text, const struct lease *lease)
{
	expect(text->at >= lease->text &&
	       text->at + text->len <= lease->text + lease->len);
	expect(!memchr(text->at, '\n', text->len) && !memchr(text->at, '\0', text->len));
}

static void check(const struct lease *lease)
{
	const struct policy *policy = &lease->policy;

	within(&lease->session, lease);
	expect(root_path_is(lease->session.at, lease->session.len));
	expect(policy->guards > 0 && policy->guards <= POLICY_GUARDS);
	expect(policy->shares <= POLICY_SHARES);
	for (unsigned i = 0; i < policy->guards; i++) {
		const struct guard *g = &policy->guard[i];
		char root[POLICY_ROOT_MAX + 1];

		within(&g->prefix, lease);
		within(&g->view, lease);
		expect(g->view.at[0] == '/' && g->view.len > 1);
		expect(!memmem(g->view.at, g->view.len, "/../", 4));
		expect(!memmem(g->prefix.at, g->prefix.len, "/../", 4));
		expect(root_prefix_is(g->prefix.at, g->prefix.len));
		expect(root_path_is(g->root.at, g->root.len));
		/* What is removed goes into a buffer of this size. */
		text_copy(&g->root, root);
		expect(strlen(root) == g->root.len);
	}
	for (unsigned i = 0; i < policy->shares; i++) {
		within(&policy->share[i], lease);
		policy_glob(&policy->share[i], "/tmp/.X11-unix/X0", 17);
	}
}

static void same(const struct text *a, const struct text *b)
{
	expect(a->len == b->len && !memcmp(a->at, b->at, a->len));
}

/* The same policy in another session; what is too long for it is refused. */
static void name_anew(const struct lease *lease)
{
	static const char other[] = "/srv/.privtmp-zzzzzzzzzzzzzzzzzzzzzz";
	static struct lease again;

	memcpy(again.text, lease->text, lease->len);
	again.len = lease->len;
	if (lease_name_session(&again, other, lease->how ^ LEASE_HOLD_DESCRIPTOR) < 0) {
		expect(lease->len + sizeof other + 32 > sizeof lease->text);
		return;
	}
	expect(lease_parse(&again) == 0);
	check(&again);
	expect(again.session.len == sizeof other - 1 &&
	       !memcmp(again.session.at, other, sizeof other - 1));
	expect(again.how == (lease->how ^ LEASE_HOLD_DESCRIPTOR));
	expect(again.policy.guards == lease->policy.guards &&
	       again.policy.shares == lease->policy.shares &&
	       again.policy.keep == lease->policy.keep &&
	       again.policy.scope == lease->policy.scope);
	for (unsigned i = 0; i < lease->policy.guards; i++) {
		same(&again.policy.guard[i].prefix, &lease->policy.guard[i].prefix);
		same(&again.policy.guard[i].view, &lease->policy.guard[i].view);
	}
}

static void whole(void)
{
	/* Of its very size, for the sanitizer, but for what it may be longer. */
	static struct lease lease;

	memset(&lease, 0x5a, sizeof lease);
	if (lease_read(3, &lease) < 0)
		return;
	check(&lease);
	name_anew(&lease);
}

static void part(void)
{
	struct lease_part read, again;

	memset(&read, 0x5a, sizeof read);
	if (lease_read_part(3, &read) < 0)
		return;
	expect(root_path_is(read.root, strlen(read.root)));
	expect(root_path_is(read.session, strlen(read.session)));
	expect(lease_write_part(3, &read) == 0);
	expect(written_size == file_size && !memcmp(written, file, file_size));
	expect(lease_read_part(3, &again) == 0);
	expect(!strcmp(read.root, again.root) && !strcmp(read.session, again.session));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy;

	if (!size)
		return 0;
	copy = malloc(size);
	memcpy(copy, data, size);
	file = copy + 1;
	file_size = size - 1;
	if (data[0] & 1)
		part();
	else
		whole();
	free(copy);
	return 0;
}
