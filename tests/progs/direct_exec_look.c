/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the shim sees in a file that is about to be executed (wrap/exec_look.c). See direct.h. */
#include <sys/auxv.h>

/* As whom the program was started, in a test. */
static unsigned long started_as;
#define getauxval(type) started_as

#include "wrap/exec_look.c"

#include "direct.h"
#include <linux/capability.h>
#include <sys/xattr.h>

static bool has_emulator, has_other, has_dropped;

bool binfmt_has(const unsigned char *head, size_t n)
{
	TRUE(head && n);
	return has_emulator;
}

bool exec_has_other(void)
{
	return has_other;
}

bool setuid_dropped(void)
{
	return has_dropped;
}

/* -- First lines -- */

static void is_script(const char *text, const char *interpreter, const char *argument)
{
	struct look look;

	write_bytes("/tmp/s", text, strlen(text), 0755);
	look_for_script(&look, AT_FDCWD, "/tmp/s", 0);
	IS(look.facts, interpreter ? LOOK_SCRIPT : 0);
	if (interpreter) {
		TEXT_IS(text, look.script.interpreter, interpreter);
		TEXT_IS(text, look.script.argument, argument);
	}
	look_end(&look);
	IS(look.fd, -1);
}

static void scripts(void)
{
	char line[512];
	struct look look;

	is_script("", NULL, NULL);
	is_script("#!", NULL, NULL);
	is_script("#!\n", NULL, NULL);
	is_script("#! \t\n", NULL, NULL);
	is_script("# /bin/sh\n", NULL, NULL);
	is_script("!#/bin/sh\n", NULL, NULL);
	is_script("#!/bin/sh\n", "/bin/sh", NULL);
	is_script("#!/bin/sh", "/bin/sh", NULL);
	is_script("#!/bin/sh ", "/bin/sh", "");
	is_script("#! \t/bin/sh \t-x  -y \t\necho\n", "/bin/sh", "-x  -y");
	is_script("#!/bin/sh -x ", "/bin/sh", "-x ");
	/* 256 bytes are looked at, and the last is lost where the line does not end there. */
	memset(line, 'x', sizeof line);
	memcpy(line, "#!/", 3);
	line[300] = '\0';
	is_script(line, NULL, NULL);
	line[254] = '\n';
	line[253] = '\0';
	line[253] = 'y';
	snprintf(line + 255, 9, "echo\n");
	write_bytes("/tmp/s", line, 260, 0755);
	look_for_script(&look, AT_FDCWD, "/tmp/s", 0);
	IS(look.facts, LOOK_SCRIPT);
	IS(strlen(look.script.interpreter), 252);
	look_end(&look);
	memset(line, 'x', 300);
	memcpy(line, "#!/bin/sh ", 10);
	write_bytes("/tmp/s", line, 300, 0755);
	look_for_script(&look, AT_FDCWD, "/tmp/s", 0);
	IS(look.facts, LOOK_SCRIPT);
	TEXT_IS("the interpreter", look.script.interpreter, "/bin/sh");
	IS(strlen(look.script.argument), 255 - 10);
	look_end(&look);
	look_for_script(&look, AT_FDCWD, "/tmp/none", 0);
	IS(look.facts, 0);
	TRUE(look.fd < 0);
	look_inside(&look, "/tmp/none");
	IS(look.facts, 0);
	look_inside(&look, "/tmp/s");
	IS(look.facts, LOOK_SCRIPT);
	look_end(&look);
	look_inside(&look, "/tmp"); /* which cannot be read */
	IS(look.facts, LOOK_UNREAD);
	look_end(&look);
}

/* Scripts that interpret each other. */
static void nests(void)
{
	struct look look;
	char name[32], text[64];

	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof name, "/tmp/%d", i);
		snprintf(text, sizeof text, "#!/tmp/%d\n", i + 1);
		write_bytes(name, text, strlen(text), 0755);
	}
	write_bytes("/tmp/8", "plain", 5, 0755);
	look_at(&look, AT_FDCWD, "/tmp/6", 0);
	look_through(&look);
	IS(look.facts & LOOK_SCRIPT, 0);
	look_end(&look);
	look_at(&look, AT_FDCWD, "/tmp/0", 0);
	look_through(&look);
	IS(look.facts & LOOK_SCRIPT, LOOK_SCRIPT);
	TEXT_IS("where it ends", look.script.interpreter, "/tmp/6");
	look_end(&look);
}

/* -- Programs -- */

static void images(void)
{
	const unsigned char here = own_header.e_ident[EI_CLASS],
			    there = here == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64,
			    order = own_header.e_ident[EI_DATA];
	const unsigned short machine = own_header.e_machine;
	unsigned short partner = machine;
	const struct image dynamic = { .known = true,
				       .runs = true,
				       .is_dynamic = true,
				       .musl = SHIM_IS_MUSL,
				       .class = here,
				       .order = order,
				       .machine = machine };
	const unsigned char head[] = "x";
	struct image image = dynamic;

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		for (int k = 0; k < 2; k++)
			if (pairs[i][k] == machine)
				partner = pairs[i][!k];
#define FACTS(field, value, facts) \
	do { \
		image = dynamic; \
		image.field = value; \
		IS(judge(&image, head, 1), facts); \
	} while (0)
	has_emulator = true;
	has_other = false;
	IS(judge(&image, head, 1), 0);
	FACTS(known, false, 0);
	FACTS(runs, false, 0);
	FACTS(order, (unsigned char)(3 - order), LOOK_ALIEN);
	FACTS(machine, EM_VAX, LOOK_ALIEN);
	FACTS(is_static, true, LOOK_STATIC);
	FACTS(musl, !SHIM_IS_MUSL, LOOK_LIBC);
	FACTS(is_dynamic, false, LOOK_LOADER);
	FACTS(go, true, LOOK_DIRECT);
	FACTS(class, there, LOOK_OTHER); /* as x32 and amd64 */
	image.machine = partner;
	IS(judge(&image, head, 1), LOOK_OTHER);
	has_other = true;
	IS(judge(&image, head, 1), 0);
	image.musl = !SHIM_IS_MUSL; /* that one's shim may be so, too */
	IS(judge(&image, head, 1), 0);
	image.machine = EM_VAX;
	IS(judge(&image, head, 1), LOOK_ALIEN);
	image = dynamic;
	image.is_static = image.tool = true;
	IS(judge(&image, head, 1), 0);
	has_emulator = false;
	FACTS(machine, EM_VAX, 0); /* the kernel says so */
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		TRUE(is_pair(pairs[i][0], pairs[i][1]));
		TRUE(is_pair(pairs[i][1], pairs[i][0]));
		FALSE(is_pair(pairs[i][0], EM_VAX));
		FALSE(is_pair(pairs[i][1], EM_VAX));
	}
}

/* -- What is remembered -- */

static void memories(void)
{
	struct statx st;
	uint32_t key[KEY], other[KEY];
	unsigned facts;

	memset(&st, 0, sizeof st);
	st.stx_ino = 0x100000007;
	st.stx_dev_major = 8;
	key_of(&st, key);
	FALSE(recall(key, &facts));
	remember(key, LOOK_STATIC);
	TRUE(recall(key, &facts));
	IS(facts, LOOK_STATIC);
	for (int i = 0; i < KEY; i++) {
		memcpy(other, key, sizeof key);
		other[i]++;
		FALSE(recall(other, &facts));
	}
	remember(key, LOOK_OTHER);
	TRUE(recall(key, &facts));
	IS(facts, LOOK_OTHER);
	/* A writer that died leaves a row that is used no more. */
	row_of(key)->turn |= 1;
	FALSE(recall(key, &facts));
	remember(key, LOOK_STATIC);
	FALSE(recall(key, &facts));
	row_of(key)->turn++;
}

/* -- Rights -- */

static unsigned facts_of(const char *path)
{
	struct look look;

	look_at(&look, AT_FDCWD, path, 0);
	look_end(&look);
	return look.facts;
}

#define SECURE(path, is) IS(!!(facts_of(path) & LOOK_SECURE), is)

static void give_caps(const char *path)
{
	const struct vfs_cap_data caps = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data = { { .permitted = 1U << CAP_NET_RAW } },
	};

	MUST(setxattr(path, "security.capability", &caps, XATTR_CAPS_SZ_2, 0) == 0);
}

static void make_set_id(void)
{
	static const struct {
		const char *path;
		unsigned uid, gid, mode;
	} file[] = {
		{ "/tmp/plain", 0, 0, 0755 },	 { "/tmp/root", 0, 0, 04755 },
		{ "/tmp/mine", ME, ME, 04755 },	 { "/tmp/group", 0, 0, 02755 },
		{ "/tmp/locks", 0, 0, 02745 },	 { "/tmp/my-group", 0, ME, 02755 },
		{ "/tmp/caps", 0, 0, 0755 },	 { "/tmp/script", 0, 0, 06755 },
		{ "/tmp/closed", 0, 0, 04711 },	 { "/tmp/new", 0, 0, 0755 },
		{ "/tmp/new-caps", 0, 0, 0755 },
	};

	for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
		write_bytes(file[i].path, "#!/bin/sh\n", i == 7 ? 10 : 1, 0600);
		MUST(chown(file[i].path, file[i].uid, file[i].gid) == 0 &&
		     chmod(file[i].path, file[i].mode) == 0);
	}
	give_caps("/tmp/caps");
	give_caps("/tmp/new-caps");
}

static void as_user(void)
{
	become(ME);
	SECURE("/tmp/plain", false);
	SECURE("/tmp/root", true);
	SECURE("/tmp/mine", false);
	SECURE("/tmp/group", true);
	SECURE("/tmp/locks", false); /* mandatory locks, once */
	SECURE("/tmp/my-group", false);
	SECURE("/tmp/caps", true);
	SECURE("/tmp/caps", true); /* as remembered */
	SECURE("/tmp/script", false);
	SECURE("/tmp/closed", true);
	IS(facts_of("/tmp/closed") & LOOK_UNREAD, LOOK_UNREAD);
	/* What was remembered without a look at its capabilities is looked at again. */
	started_as = 0;
	SECURE("/tmp/new", false);
	SECURE("/tmp/new-caps", false);
	started_as = ME;
	IS(facts_of("/tmp/new"), ASKED_CAPS);
	SECURE("/tmp/new-caps", true);
	MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	SECURE("/tmp/root", false);
}

static void as_root(void)
{
	started_as = 0;
	SECURE("/tmp/caps", false);
	SECURE("/tmp/root", false);
	SECURE("/tmp/mine", true);
	/* Where it has become one of two users, all that it starts is. */
	FALSE(look_two_users());
	MUST(setresuid(0, ME, 0) == 0);
	TRUE(look_two_users());
	SECURE("/tmp/plain", false);
	has_dropped = true;
	SECURE("/tmp/plain", true);
	SECURE("/tmp/script", false);
	MUST(setresuid(0, 0, 0) == 0 && setresgid(0, ME, 0) == 0);
	TRUE(look_two_users());
	has_dropped = false;
}

static void without_rights(void)
{
	MUST(mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_NOSUID, "mode=1777") == 0);
	become(ME);
	SECURE("/tmp/root", false);
	SECURE("/tmp/caps", false);
	SECURE("/tmp/closed", true); /* which cannot be asked */
}

static void rights(void)
{
	make_set_id();
	started_as = ME;
	in_child(as_user);
	in_child(as_root);
	in_child(without_rights);
	MUST(mount(NULL, "/tmp", NULL, MS_REMOUNT, "mode=1777") == 0);
}

/* -- Which file it is -- */

static void may_run_as_user(void)
{
	struct look look;

	become(ME);
	look_for_script(&look, AT_FDCWD, "/tmp/s", 0);
	TRUE(look_may_run(&look, AT_FDCWD, "/tmp/s"));
	FALSE(look_may_run(&look, AT_FDCWD, "/tmp/shut"));
	look_end(&look);
	TRUE(look_may_run(&look, AT_FDCWD, "/tmp/s")); /* not known to be on noexec */
}

static void places(void)
{
	struct look look;
	int fd;

	write_bytes("/tmp/s", "#!/bin/sh\n", 10, 0755);
	write_bytes("/tmp/shut", "#!/bin/sh\n", 10, 0644);
	make_link("s", "/tmp/link", 0);
	look_at(&look, AT_FDCWD, "/tmp/none", 0);
	IS(look.error, ENOENT);
	look_at(&look, AT_FDCWD, "/tmp/s/x", 0);
	IS(look.error, ENOTDIR);
	look_at(&look, -1, "x", 0);
	IS(look.error, 0);
	IS(look.fd, -1);
	look_at(&look, AT_FDCWD, "/tmp", 0);
	IS(look.facts, 0);
	look_at(&look, AT_FDCWD, "/tmp/shut", 0);
	IS(look.facts, 0);
	look_at(&look, AT_FDCWD, "/tmp/link", 0);
	IS(look.facts, LOOK_SCRIPT);
	look_end(&look);
	look_at(&look, AT_FDCWD, "/tmp/link", AT_SYMLINK_NOFOLLOW);
	IS(look.facts, 0);
	look_at(&look, AT_FDCWD, "/tmp/s", AT_SYMLINK_NOFOLLOW);
	IS(look.facts, LOOK_SCRIPT);
	look_end(&look);
	fd = open("/tmp/s", O_PATH | O_CLOEXEC);
	look_at(&look, fd, "", AT_EMPTY_PATH);
	IS(look.facts, LOOK_SCRIPT);
	TRUE(look_may_run(&look, fd, ""));
	MUST(mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_NOEXEC, "mode=1777") == 0);
	FALSE(look_may_run(&look, fd, ""));
	look_end(&look);
	MUST(mount(NULL, "/tmp", NULL, MS_REMOUNT, "mode=1777") == 0);
	close(fd);
	in_child(may_run_as_user);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "scripts", scripts }, { "nests", nests },
		{ "images", images },	{ "memories", memories },
		{ "rights", rights },	{ "places", places },
		{ NULL, NULL }
	};

	return direct_main(tests, argc, argv);
}
