/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is seen of a process (tools/process.c), and of lists of libraries to preload
 * (tools/preload_list.c): in a procfs and an /etc of files. See direct.h.
 */
#include "../../tools/process.h"
#include "../../tools/procfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What preload_list.c calls: memory that may be lacking. */
static bool lacking;

static char *copy_some(const char *text, size_t n)
{
	return lacking ? NULL : strndup(text, n);
}

#define is_there is_process /* direct.h has another one */
#include "../../tools/process.c"
#undef is_there
#include "../../tools/procfs.c"
#define take take_found
#define look look_in_file
#define strndup copy_some
#include "../../tools/preload_list.c"
#undef strndup
#undef take
#undef look

#include "direct_procfs.h"

#define ID "AAAAAAAAAAAAAAAAAAAAAA"
#define SECRET "/aaaaaaaaaaa"
#define BACKING "/.privtmp-" ID SECRET

/* A program of 32 bits is called so. */
int program_inspect(const char *path, struct program *out)
{
	char text[64];
	const ssize_t n = readlink(path, text, sizeof text - 1);

	MUST(n >= 0);
	text[n] = '\0';
	out->class = strstr(text, "32") ? ELFCLASS32 : ELFCLASS64;
	return 0;
}

/* -- A process -- */

static const struct process_facts *looked(int pid)
{
	static struct process_facts facts;

	process_look(pid, &facts);
	IS(facts.pid, pid);
	return &facts;
}

static void process(int pid, const char *stat)
{
	make_dir(OF(pid, ""), 0, 0755);
	put(OF(pid, "stat"), "%s", stat);
	put(OF(pid, "cmdline"), "prog%ca", '\0');
	make_link("/bin/prog", OF(pid, "exe"), 0);
	put(OF(pid, "maps"), "1-2 r-xp 0 1:2 9 /bin/prog\n");
}

static void states(void)
{
	static const struct {
		const char *stat;
		enum process_state state;
		bool helper;
	} rows[] = {
		{ "5 (prog) S 1 1", PROCESS_SEEN, false },
		{ "5 (prog) Z 1 1", PROCESS_ENDED, false },
		{ "5 (prog) X 1 1", PROCESS_ENDED, false },
		{ "5 (a) Z \n(b) R 1 1", PROCESS_SEEN, false },
		{ "5 (privtmp-reaper) S 1", PROCESS_SEEN, true },
		{ "5 (privtmp-keeper) S 1", PROCESS_SEEN, true },
		{ "5 (privtmp-reaperx) S 1", PROCESS_SEEN, false },
		/* What is no such line says nothing of a process. */
		{ "5 prog S 1 1", PROCESS_GONE, false },
		{ "5 (prog)", PROCESS_GONE, false },
		{ "", PROCESS_GONE, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		mount_procfs();
		/* No process has this number. */
		process(1 << 30, rows[i].stat);
		IS(looked(1 << 30)->state, rows[i].state);
		IS(looked(1 << 30)->helper, rows[i].helper);
		TEXT_IS(rows[i].stat, looked(1 << 30)->command,
			rows[i].state == PROCESS_SEEN ? "prog a" : "");
	}
}

static void closed_ones(void)
{
	mount_procfs();
	process(5, "5 (prog) S");
	TEXT_IS("exe", looked(5)->exe, "/bin/prog");
	/* A thread of the kernel's executes none; and what cannot be read is closed. */
	unlink(OF(5, "maps"));
	IS(looked(5)->state, PROCESS_CLOSED);
	unlink(OF(5, "exe"));
	IS(looked(5)->state, PROCESS_KERNEL);
	make_file(OF(5, "exe"), 0, 0644);
	IS(looked(5)->state, PROCESS_CLOSED);
	IS(looked(5)->error, 0);
	/* Which procfs hides, has no time for, or is not there to show. */
	IS(looked(1 << 30)->state, PROCESS_GONE);
	IS(looked(0)->state, PROCESS_GONE);
	IS(looked(getpid())->state, PROCESS_CLOSED);
	fails[0].outcome = CREW_CUT;
	IS(looked(1 << 30)->state, PROCESS_CLOSED);
	fails[0].outcome = CREW_FAILED;
	fails[0].error = EAGAIN;
	IS(looked(1 << 30)->state, PROCESS_GONE);
	IS(looked(getpid())->state, PROCESS_CLOSED);
	IS(looked(getpid())->error, EAGAIN);
	fails[0].outcome = CREW_DONE;
	fails[0].error = 0;
	IS(looked(getpid())->error, 0);
	MUST(rename("/proc/self", "/proc/other") == 0);
	IS(looked(getpid())->state, PROCESS_UNSEEN);
	IS(looked(1 << 30)->state, PROCESS_GONE);
}

/* What fails half-way for want of something is told: half of it gives a wrong verdict. */
static void half_read(void)
{
	static const char *const names[] = { "maps", "environ", "auxv", "mountinfo",
					     "stat" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		mount_procfs();
		process(5, "5 (prog) S");
		IS(looked(5)->state, PROCESS_SEEN);
		(void)unlink(OF(5, names[i]));
		make_dir(OF(5, names[i]), 0, 0755); /* which is opened, and not read */
		IS(looked(5)->state, PROCESS_CLOSED);
		IS(looked(5)->error, EISDIR);
	}
	/* Not for want of something: nothing is known of that alone. */
	mount_procfs();
	process(5, "5 (prog) S");
	make_link("environ", OF(5, "environ"), 0);
	IS(looked(5)->error, ELOOP);
	unlink(OF(5, "environ"));
	IS(looked(5)->error, 0);
	IS(looked(5)->state, PROCESS_SEEN);
}

static void leases(void)
{
	static const struct {
		const char *maps;
		bool lease;
	} rows[] = {
		{ "1-2 r--s 0 1:2 9 /tmp/.privtmp-" ID "/lease\n", true },
		{ "1-2 r-xp 0 1:2 9 /a/libprivtmp.so\n"
		  "1-2 r--s 0 1:2 9 /tmp/.privtmp-" ID "/lease.123 (deleted)\n",
		  true },
		{ "1-2 r--s 0 1:2 9 /tmp/.privtmp-" ID "/hints\n", false },
		{ "1-2 r--s 0 1:2 9 /tmp/lease\n", false },
	};

	mount_procfs();
	process(5, "5 (prog) S");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		put(OF(5, "maps"), "%s", rows[i].maps);
		IS(looked(5)->lease, rows[i].lease);
	}
}

static void of_another(void)
{
	become(ME);
	/* One that may not be sent a signal is there all the same. */
	IS(looked(1)->state, PROCESS_CLOSED);
}

static void of_users(void)
{
	mount_procfs();
	in_child(of_another);
}

static void mapped(void)
{
	static char longest[2 * PATH_MAX];
	static const struct {
		const char *maps, *library;
		bool replaced;
	} rows[] = {
		{ "1-2 r-xp 0 1:2 9 /lib/libprivtmp.so\n", "/lib/libprivtmp.so", false },
		{ "1-2 r-xp 0 1:2 9 /lib/libprivtmp.so (deleted)\n", "/lib/libprivtmp.so",
		  true },
		{ "1-2 rw-p 0 0:0 0 \n1-2 r-xp 0 1:2 9 /a b/libprivtmp.so\n",
		  "/a b/libprivtmp.so", false },
		/* The first of several. */
		{ "1-2 r-xp 0 1:2 9 /1/libprivtmp.so\n1-2 r-xp 0 1:2 9 /2/libprivtmp.so\n",
		  "/1/libprivtmp.so", false },
		{ "1-2 r-xp 0 1:2 9 /lib/x.so (deleted)\n1-2 r-xp 0 1:2 9 "
		  "/lib/libprivtmp.so\n",
		  "/lib/libprivtmp.so", false },
		{ "1-2 r-xp 0 1:2 9 /lib/x.so (deleted)\n", "", false },
		{ "1-2 r-xp 0 1:2 9 /lib/libprivtmp.so.1\n", "", false },
		{ "1-2 r-xp 0 1:2 9 /lib/xlibprivtmp.so\n", "", false },
		{ longest, "", false },
		{ "", "", false },
	};

	memset(longest, 'x', PATH_MAX);
	longest[0] = '/';
	strcpy(longest + PATH_MAX, "/libprivtmp.so\n");
	mount_procfs();
	process(5, "5 (prog) S");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		put(OF(5, "maps"), "%s", rows[i].maps);
		TEXT_IS("library", looked(5)->library, rows[i].library);
		IS(looked(5)->replaced, rows[i].replaced);
	}
}

static void environment(void)
{
	mount_procfs();
	process(5, "5 (prog) S");
	FALSE(looked(5)->known_environment);
	put(OF(5, "environ"),
	    "LD_PRELOAD=/a.so:b%cXLD_PRELOAD=x%cPRIVTMP_MODE=off%c"
	    "PRIVTMP_ONFAIL=pass%cLD_PRELOADS=x%cLD_PRELOAD%c",
	    0, 0, 0, 0, 0, 0);
	TRUE(looked(5)->known_environment);
	TEXT_IS("preload", looked(5)->preload, "/a.so:b");
	TEXT_IS("mode", looked(5)->mode, "off");
	TEXT_IS("onfail", looked(5)->onfail, "pass");
}

static void put_auxv(const void *words, size_t size)
{
	FILE *file = fopen(OF(5, "auxv"), "w");

	MUST(file && fwrite(words, size, 1, file) == 1 && fclose(file) == 0);
}

static void secure(void)
{
	mount_procfs();
	process(5, "5 (prog) S");
	FALSE(looked(5)->secure);
	for (unsigned is = 0; is < 2; is++) {
		const uint64_t wide[] = { AT_PAGESZ, 1, AT_SECURE, is, AT_NULL, 0 };
		const uint32_t narrow[] = { AT_PAGESZ, 1, AT_SECURE, is, AT_NULL, 0 };

		/* By words of the process's own size. */
		make_link("/bin/prog", OF(5, "exe"), 0);
		put_auxv(wide, sizeof wide);
		IS(looked(5)->secure, is);
		make_link("/bin/32", OF(5, "exe"), 0);
		put_auxv(narrow, sizeof narrow);
		IS(looked(5)->secure, is);
	}
	/* Half a pair is none. */
	put_auxv(&(uint32_t){ AT_SECURE }, 4);
	FALSE(looked(5)->secure);
}

static void mounts(void)
{
	static const struct {
		const char *mountinfo, *mounted;
	} rows[] = {
		{ "1 2 0:3 " BACKING "/tmp /tmp rw\n", "/tmp" },
		{ "1 2 0:3 /x" BACKING "/tmp /tmp rw\n", "/tmp" },
		/* Of several the first directory, and there the last. */
		{ "1 2 0:3 " BACKING "/tmp /tmp rw\n1 2 0:3 " BACKING
		  "/var/tmp /var/tmp rw\n",
		  "/tmp" },
		{ "1 2 0:3 /.privtmp-BBBBBBBBBBBBBBBBBBBBBB" SECRET
		  "/tmp /tmp rw\n1 2 0:3 " BACKING "/tmp /tmp rw\n",
		  "/tmp" },
		/* That is mounted elsewhere, or is none. */
		{ "1 2 0:3 " BACKING "/tmp /mnt rw\n", "" },
		{ "1 2 0:3 " BACKING "/tmp/x /tmp rw\n", "" },
		{ "1 2 0:3 /.privtmp-" ID " /tmp rw\n", "" },
		{ "1 2 0:3 /.privtmp-" ID "xaaaaaaaaaaa/tmp /tmp rw\n", "" },
		{ "1 2 0:3 /.privtmp-AAAAAAAAAAAAAAAAAAAAA-" SECRET "/tmp /tmp rw\n",
		  "" },
		{ "1 2 0:3 / /tmp rw\n", "" },
		{ "1 2 " BACKING "/tmp\n", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		mount_procfs();
		process(5, "5 (prog) S");
		put(OF(5, "mountinfo"), "%s", rows[i].mountinfo);
		TEXT_IS(rows[i].mountinfo, looked(5)->mounted, rows[i].mounted);
		TEXT_IS(rows[i].mountinfo, looked(5)->mounted_root,
			*rows[i].mounted ? ".privtmp-" ID : "");
	}
}

static void numbers(void)
{
	static const struct {
		const char *word;
		long long number;
		pid_t pid;
	} rows[] = { { "1", 1, 1 },
		     { "007", 7, 7 },
		     { "", -1, -1 },
		     { "-1", -1, -1 },
		     { "1x", -1, -1 },
		     { " 1", -1, -1 },
		     { "2147483647", INT_MAX, INT_MAX },
		     { "2147483648", 1LL + INT_MAX, 0 },
		     { "99999999999999999999", LLONG_MAX, 0 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		IS(process_number(rows[i].word), rows[i].number);
		if (rows[i].number >= 0)
			IS(process_of(rows[i].number), rows[i].pid);
	}
}

/* -- Lists of libraries -- */

static void lists(void)
{
	static const struct {
		const char *list, *shim;
	} rows[] = {
		{ "libprivtmp.so", "libprivtmp.so" },
		{ "/a.so:/lib/libprivtmp.so:/b.so", "/lib/libprivtmp.so" },
		{ " :/a.so libprivtmp.so:", "libprivtmp.so" },
		{ "libprivtmp.so\n", NULL },
		{ "\tlibprivtmp.so", NULL },
		{ "/1/libprivtmp.so /2/libprivtmp.so", "/1/libprivtmp.so" },
		{ "/libprivtmp.so/x", NULL },
		{ "libprivtmp.so.1", NULL },
		{ "libprivtmp.sO", NULL },
		{ "xlibprivtmp.so", NULL },
		{ "::", NULL },
		{ "", NULL },
	};
	char out[64];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const bool found = preload_find(rows[i].list, out, sizeof out);

		TEXT_IS(rows[i].list, found ? out : NULL, rows[i].shim);
	}
}

static char words[256];

static void note(void *arg, const char *word, unsigned line)
{
	(void)arg;
	snprintf(words + strlen(words), sizeof words - strlen(words), "%u:%s ", line,
		 word);
}

static void file_of_all(void)
{
	char out[64];

	MUST(mount("etc", "/etc", "tmpfs", 0, "mode=755") == 0);
	IS(preload_each(note, NULL), ENOENT);
	FALSE(preload_find_in_file(out, sizeof out));
	put(PRELOAD_FILE, "# /0/libprivtmp.so\n/a.so /b.so # c.so\n\n"
			  "/1/libprivtmp.so:/2/libprivtmp.so");
	IS(preload_each(note, NULL), 0);
	TEXT_IS("words", words, "2:/a.so 2:/b.so 4:/1/libprivtmp.so 4:/2/libprivtmp.so ");
	/* Of several the first; and without memory for a word it is not seen. */
	TRUE(preload_find_in_file(out, sizeof out));
	TEXT_IS("first", out, "/1/libprivtmp.so");
	lacking = true;
	FALSE(preload_find_in_file(out, sizeof out));
	lacking = false;
	put(PRELOAD_FILE, "/a.so\n");
	FALSE(preload_find_in_file(out, sizeof out));
	MUST(umount2("/etc", MNT_DETACH) == 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "states", states },
		{ "closed", closed_ones },
		{ "half_read", half_read },
		{ "leases", leases },
		{ "of_users", of_users },
		{ "mapped", mapped },
		{ "environment", environment },
		{ "secure", secure },
		{ "mounts", mounts },
		{ "numbers", numbers },
		{ "lists", lists },
		{ "file_of_all", file_of_all },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
