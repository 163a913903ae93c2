/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which trees are walked by the shim (wrap/tree.c): those in a guarded directory, and those that
 * one lies in, whatever they are called. See direct.h.
 */
#include "policy/scan.h"
#include "session/session.h"

#include <string.h>

static int hook_need(void);

/* The glance, without what it knows of pages, which is nothing under a sanitizer. */
static bool hook_passes(const char *path)
{
	return !strstr(path, "..") && view_clear(path);
}

#define session_need hook_need
#define view_passes hook_passes
#include "wrap/tree.c"
#undef session_need
#undef view_passes

#include "direct_view.h"

static int refused; /* why there is no session */

static int hook_need(void)
{
	return refused;
}

/* Names in /mnt pass the glance, so that the file system has to say what they are. */
#define DEEP "/var/tmp/a/b/tmp"
#define ID "/.privtmp-CCCCCCCCCCCCCCCCCCCCCC/ccccccccccc"
static const char deep_text[] = "guard " PREFIX "\t/tmp\nguard /var/tmp/a/b" ID "\t" DEEP
				"\n";
static struct policy deep_policy;

/* Guards a directory that lies deep. */
static void begin(void)
{
	begin_view();
	refused = 0;
	make_dir("/var/tmp/a", 0, 0755);
	make_dir("/var/tmp/a/b", 0, 0755);
	make_dir("/var/tmp/a/c", 0, 0755);
	make_dir("/var/tmp/a/x", 0, 0755);
	make_dir("/var/tmp/a/b/c", 0, 0755);
	make_dir(DEEP, 0, 01777);
	make_dir("/mnt/dir", 0, 0755);
	make_link("/", "/mnt/root", 0);
	make_link("/var", "/mnt/var", 0);
	make_link("/var/tmp", "/mnt/vartmp", 0);
	make_link("/var/tmp/a", "/mnt/a", 0);
	make_link("/var/tmp/a/b", "/mnt/ab", 0);
	make_link("/var/tmp/a/c", "/mnt/ac", 0);
	make_link("/var/tmp/a/b/c", "/mnt/abc", 0);
	MUST(policy_parse(deep_text, sizeof deep_text - 1, &deep_policy) == 0);
	view_use(&deep_policy, view_flags);
}

static void inside(void)
{
	begin();
	TRUE(tree_is_ours("/tmp"));
	TRUE(tree_is_ours("/tmp/none"));
	TRUE(tree_is_ours("/mnt/../tmp"));
	TRUE(tree_is_ours(DEEP));
	TRUE(tree_is_ours(DEEP "/x"));
	FALSE(tree_is_ours("/mnt/none"));
	FALSE(tree_is_ours(""));
}

/* Leaves no slash where the next function has its own. */
static __attribute__((noinline)) void soil(void)
{
	volatile char text[4096];

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = 'x';
}

static void above(void)
{
	begin();
	TRUE(tree_is_ours("/"));
	TRUE(tree_is_ours("/mnt/root"));
	TRUE(tree_is_ours("/mnt/var"));
	TRUE(tree_is_ours("/mnt/vartmp"));
	TRUE(tree_is_ours("/mnt/a"));
	TRUE(tree_is_ours("/mnt/a/"));
	TRUE(tree_is_ours("/mnt/ab"));
	TRUE(tree_is_ours("/mnt/a/b"));
	FALSE(tree_is_ours("/mnt/ac"));
	FALSE(tree_is_ours("/mnt/abc"));
	FALSE(tree_is_ours("/mnt/dir"));
	FALSE(tree_is_ours("/mnt"));
	FALSE(tree_is_ours("/usr"));
	/* A directory whose name is the beginning of one. */
	make_dir("/var/tmp/a/b/t", 0, 0755);
	make_link("/var/tmp/a/b/t", "/mnt/t", 0);
	FALSE(tree_is_ours("/mnt/t"));
	/* The only one, and what stands behind it in a policy. */
	static struct policy only;

	only = deep_policy;
	only.guards = 1;
	only.guard[0] = deep_policy.guard[1];
	only.guard[1].view = (struct text){ "/mnt/dir/x", strlen("/mnt/dir/x") };
	view_use(&only, view_flags);
	TRUE(tree_is_ours("/mnt/ab"));
	TRUE(tree_is_ours("/mnt/root"));
	FALSE(tree_is_ours("/mnt/dir"));
	/* Above one that lies in "/". */
	only.guards = 1;
	only.guard[0] = deep_policy.guard[0];
	soil();
	TRUE(tree_is_ours("/mnt/root"));
	soil();
	FALSE(tree_is_ours("/mnt/var"));
	/* Above another one of a policy. */
	view_use(&policy, view_flags);
	TRUE(tree_is_ours("/mnt/root"));
	TRUE(tree_is_ours("/mnt/var"));
	FALSE(tree_is_ours("/mnt/a"));
	FALSE(tree_is_ours("/mnt/ab"));
	/* A directory that it was in, and is in no more. */
	view_use(&deep_policy, view_flags);
	MUST(rename("/var/tmp/a/b", "/var/tmp/a/d") == 0);
	TRUE(tree_is_ours("/mnt/a"));
	FALSE(tree_is_ours("/mnt/a/d"));
}

/* By no name of the policy's, but from where one is. */
static void elsewhere(void)
{
	begin();
	make_dir("/mnt/bound", 0, 0755);
	MUST(mount("/var/tmp/a/b", "/mnt/bound", NULL, MS_BIND, NULL) == 0);
	TRUE(tree_is_ours("/mnt/bound"));
	FALSE(tree_is_ours("/mnt/bound/c"));
	MUST(chdir("/var/tmp/a") == 0);
	TRUE(tree_is_ours("."));
	TRUE(tree_is_ours("b"));
	FALSE(tree_is_ours("x"));
	FALSE(tree_is_ours("none"));
	MUST(umount("/mnt/bound") == 0);
}

/* What has the same number on another device is another one. */
static void devices(void)
{
	struct stat st, guarded;

	begin();
	MUST(mount("tmp", "/mnt/dir", "tmpfs", 0, "mode=755") == 0);
	MUST(stat("/mnt/dir", &st) == 0 && stat("/var/tmp", &guarded) == 0);
	IS(st.st_ino, guarded.st_ino);
	FALSE(tree_is_ours("/mnt/dir"));
	MUST(umount("/mnt/dir") == 0);
}

/* Where nothing is guarded libc walks. Where something should be, no glance lets it. */
static void without(void)
{
	begin();
	view_use(NULL, NULL);
	FALSE(tree_is_ours("/mnt/a"));
	FALSE(tree_is_ours("/tmp"));
	FALSE(tree_is_ours("/"));
	refused = EACCES;
	TRUE(tree_is_ours("/tmp"));
	TRUE(tree_is_ours("/tmp/x"));
	TRUE(tree_is_ours("/mnt/dir"));
	view_use(&deep_policy, view_flags);
	TRUE(tree_is_ours("/tmp"));
	TRUE(tree_is_ours("/mnt/a"));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "inside", inside },	    { "above", above },
		{ "elsewhere", elsewhere }, { "devices", devices },
		{ "without", without },	    { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
