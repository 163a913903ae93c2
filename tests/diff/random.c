/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random steps, in blocks that each begin with the fixture. What is chosen
 * depends on the seed and the block's number alone, never on a result, so that
 * both sides take the same steps and one block can be had again by itself.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_STEPS 150
#define CHECK_EVERY 50
#define OPEN_REGISTERS 5

static uint64_t state;

static unsigned pick(unsigned below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned)((state * 0x2545f4914f6cdd1dULL) >> 33) % below;
}

static void seed_block(unsigned long seed, long block)
{
	/* splitmix64: neighbouring blocks must not resemble one another. */
	uint64_t z = seed * 0x9e3779b97f4a7c15ULL + (uint64_t)block + 1;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	state = (z ^ (z >> 31)) | 1;
}

#define PICK(array) (array)[pick(sizeof(array) / sizeof *(array))]

/* A line under construction. */
static char line[4096];

static void add(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void add(const char *format, ...)
{
	size_t used = strlen(line);
	va_list list;
	va_start(list, format);
	vsnprintf(line + used, sizeof line - used, format, list);
	va_end(list);
}

static void add_component(void)
{
	static const char *const names[] = {
		"a",	  "b",	     "c",    "d",     "f",    "new",	 "tmp",	  "e",
		"x",	  "empty",   "la",   "lad",   "lrd",  "lr",	 "lout",  "loutd",
		"lclimb", "lclimbd", "ltmp", "lroot", "ldot", "ldotdot", "lvard", "ldang",
		"lind",	  "lint",    "lup",  "lself", "lcwd", "m",	 "var",
	};
	switch (pick(12)) {
	case 0:
	case 1: add(".."); break;
	case 2: add("."); break;
	case 3: add("%s", pick(20) ? "d" : pick(2) ? "" : "{n*255}"); break;
	case 4:
	case 5:
	case 6:
	case 7:
		/* A few names often: calls are to meet one another's work. */
		add("%c", "abcdf"[pick(5)]);
		break;
	default: add("%s", PICK(names));
	}
}

static void add_path(void)
{
	static const char *const bases[] = {
		"/tmp/",
		"/tmp/",
		"/tmp/",
		"/tmp/",
		"/tmp/d/",
		"/var/tmp/",
		"/e/",
		"/e/d/",
		"/",
		"//tmp/./",
		"/tmp/../",
		"/e/../",
		"/tmpfoo/",
		"/tmp",
		"/e/../tmp/",
		"/proc/self/cwd/",
		"/proc/self/fd/20/",
		"/proc/self/fd/21/",
		"/dev/fd/24/",
		"/proc/self/root/",
		"/m/",
		"/m/d/",
	};
	/* What the fixture has, so that not everything fails. */
	static const char *const known[] = {
		"/tmp",	      "/tmp/f",	    "/tmp/d",	  "/tmp/d/f",  "/tmp/d/d",
		"/tmp/empty", "/tmp/lad",   "/tmp/la",	  "/tmp/lout", "/tmp/loutd",
		"/var/tmp",   "/var/tmp/f", "/var/tmp/d", "/e",	       "/e/f",
		"/e/d",	      "/e/lind",    "/e/lint",	  "/",	       "/var",
		"f",	      "d",	    "../f",	  "../tmp/f",  "..",
		".",	      "a",	    "b",	  "/tmp/a",    "/tmp/b",
		"/e/a",	      "/e/b",	    "/tmp/d/a",	  "/tmp/a/b",  "/tmp/c",
	};
	add(" ");
	size_t start = strlen(line);
	if (pick(3) == 0) {
		add("%s", PICK(known));
		return;
	}
	if (pick(5) < 3)
		add("%s", PICK(bases));
	/* Not onto a base without a slash: "/tmpa" would be a new top directory. */
	bool open_end = strlen(line) > start && line[strlen(line) - 1] != '/';
	/* Mostly one or two more: long random paths lead nowhere. */
	static const unsigned counts[] = { 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4 };
	unsigned count = open_end ? 0 : PICK(counts);
	for (unsigned i = 0; i < count; i++) {
		add("%s", i ? "/" : "");
		add_component();
	}
	if (pick(12) == 0)
		add("/");
	if (strlen(line) == start)
		add("--");
}

static void add_dirfd(void)
{
	static const char *const fixed[] = { "AT_FDCWD", "AT_FDCWD", "20", "21", "23",
					     "24",	 "26",	     "28", "29" };
	add(" ");
	if (pick(3) == 0)
		add("@%u", 1 + pick(OPEN_REGISTERS));
	else
		add("%s", PICK(fixed));
}

static void add_mode(void)
{
	static const char *const modes[] = { "0644",  "0600", "0755", "0700",
					     "01777", "0000", "0300" };
	add(" %s", PICK(modes));
}

static void add_open_flags(void)
{
	static const char *const flags[] = {
		"O_RDONLY",
		"O_RDWR",
		"O_RDWR|O_CREAT",
		"O_RDWR|O_CREAT",
		"O_RDWR|O_CREAT|O_EXCL",
		"O_RDONLY|O_DIRECTORY",
		"O_RDONLY|O_DIRECTORY",
		"O_PATH",
		"O_PATH|O_NOFOLLOW",
		"O_WRONLY|O_TRUNC",
		"O_RDONLY|O_NOFOLLOW",
		"O_RDWR|O_CREAT|O_APPEND",
		"O_RDWR|O_TMPFILE",
		"O_RDONLY",
		"O_RDONLY",
		"O_RDONLY",
	};
	add(" %s|O_NONBLOCK 0640", PICK(flags));
}

/* Letters: p path, P path that is not empty, t template, d descriptor of a directory, r register, m mode, o open flags, w a word. */
struct shape {
	const char *call;
	const char *letters;
	unsigned weight;
};

static const struct shape shapes[] = {
	{ "stat", "p", 4 },	  { "lstat", "p", 4 },	     { "fstatat", "dp", 3 },
	{ "access", "p", 2 },	  { "get", "p", 4 },	     { "put", "pw", 4 },
	{ "mkdir", "pm", 6 },	  { "mkdirat", "dpm", 3 },   { "rmdir", "p", 5 },
	{ "unlink", "p", 4 },	  { "unlinkat", "dp", 2 },   { "remove", "p", 3 },
	{ "rename", "pp", 8 },	  { "renameat", "dpdp", 4 }, { "link", "pp", 5 },
	{ "linkat", "dpdp", 3 },  { "symlink", "pp", 12 },   { "symlinkat", "pdp", 4 },
	{ "readlink", "p", 4 },	  { "readlinkat", "dp", 2 }, { "chdir", "p", 9 },
	{ "fchdir", "r", 4 },	  { "getcwd", "", 3 },	     { "realpath_alloc", "p", 4 },
	{ "opendir", "p", 4 },	  { "chmod", "pm", 2 },	     { "truncate", "pn", 2 },
	{ "serve", "P", 1 },	  { "glob", "p", 1 },	     { "statx", "dp", 1 },
	{ "faccessat", "dp", 1 }, { "utimes", "p", 1 },	     { "scandir", "p", 1 },
	{ "fstat", "r", 1 },	  { "write", "rw", 3 },	     { "read", "r", 3 },
	{ "close", "r", 2 },	  { "mkdtemp", "t", 1 },     { "mkstemp", "t", 1 },
};

static void add_arguments(const char *letters, long step)
{
	for (; *letters; letters++)
		switch (*letters) {
		case 'p': add_path(); break;
		/* Never empty: such an address would get a name of the kernel's making. */
		case 'P':
			add_path();
			add("s");
			break;
		case 'd': add_dirfd(); break;
		case 'r': add(" @%u", 1 + pick(OPEN_REGISTERS)); break;
		case 'm': add_mode(); break;
		case 'n': add(" %u", pick(20)); break;
		case 'w': add(" step%ld", step); break;
		case 't':
			add_path();
			add("XXXXXX");
			break;
		}
}

/* Elsewhere than in the driver itself, at times. */
static void add_place(void)
{
	static const char *const places[] = { "fork", "thread", "vfork", "clone" };
	/*
	 * Not where there may be another /tmp, which would be private, too; nor where there
	 * is none: what leads out of the root is refused there, for it may lead to /tmp.
	 */
	static const char *const roots[] = { "/", "/tmp/..", "/proc/self/root" };
	if (pick(10))
		return;
	if (pick(8))
		add("%s ", PICK(places));
	else
		add("chroot %s ", PICK(roots));
}

/* The table's calls, but those that here could wait, or walk the whole machine. */
static struct lines templates;

static bool suits(const char *template)
{
	/*
	 * Nobody reads a FIFO. A walk begins with what a path leads to: often "/". What is
	 * beneath its start, openat2(2) cannot always say: EAGAIN.
	 */
	static const char *const left_out[] = { "mkfifo", "ftw",     "fts ",
						"serve",  "wordexp", " O_PATH 0x" };
	for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
		if (strstr(template, left_out[i]))
			return false;
	return true;
}

/* Whether its result is a descriptor. */
static bool opens(const char *template)
{
	if (strncmp(template, "sys ", 4) == 0)
		template += 4;
	template += strspn(template, "_");
	return (strncmp(template, "open", 4) == 0 && template[4] != 'd') ||
	       strncmp(template, "creat", 5) == 0;
}

static void add_template(void)
{
	const char *t = templates.line[pick((unsigned)templates.count)];
	t += strspn(t, "!?");
	if (!suits(t))
		t = "stat %";
	if (opens(t)) {
		line[0] = 0;
		add("r%u= ", 1 + pick(OPEN_REGISTERS));
	}
	for (; *t; t++)
		if (t[0] == ' ' && t[1] == '%' && t[2] == 'd') {
			add_dirfd();
			t += 2;
		} else if (t[0] == ' ' && t[1] == '%') {
			add_path();
			t++;
		} else {
			add("%c", *t);
		}
}

static void make_step(long step)
{
	line[0] = 0;
	add_place();
	if (pick(4) == 0) {
		add_template();
		return;
	}
	unsigned total = 24;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		total += shapes[i].weight;
	unsigned at = pick(total);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (at < shapes[i].weight) {
			add("%s", shapes[i].call);
			add_arguments(shapes[i].letters, step);
			return;
		}
		at -= shapes[i].weight;
	}
	/* The rest: a descriptor kept for later steps. */
	line[0] = 0;
	add("r%u= ", 1 + pick(OPEN_REGISTERS));
	if (at < 18) {
		add("open");
		add_path();
	} else {
		add("openat");
		add_dirfd();
		add_path();
	}
	add_open_flags();
}

/* Before a register is assigned anew, what it holds is closed. */
static void free_register(void)
{
	int target;
	if (sscanf(line, "r%d=", &target) == 1) {
		char step[32];
		snprintf(step, sizeof step, "close @%d", target);
		step_run(step);
	}
}

/*
 * Leaves a working directory that was moved out of what is mounted there: what the shim makes
 * of ".." in one is a limit that the manual names. (Such a one has links, and no name.)
 */
static void leave_unreachable(void)
{
	char cwd[PATH_MAX];
	struct stat st;

	if (!getcwd(cwd, sizeof cwd) && stat(".", &st) == 0 && st.st_nlink > 0)
		step_run((char[]){ "chdir /" });
}

static void run_block(unsigned long seed, long block, long steps)
{
	seed_block(seed, block);
	out("block %ld\n", block);
	for (int i = 0; i < REGISTERS; i++)
		registers[i] = -1;
	fixture_close();
	step_run((char[]){ "fixture" });
	for (long i = 0; i < steps; i++) {
		make_step(i);
		free_register();
		step_run(line);
		leave_unreachable();
		if (i % CHECK_EVERY == CHECK_EVERY - 1 || i == steps - 1)
			step_run((char[]){ "check" });
	}
}

int random_run(const char *file, unsigned long seed, long steps, long block)
{
	templates = read_lines(file);
	if (block >= 0) {
		run_block(seed, block, BLOCK_STEPS);
		return 0;
	}
	for (long b = 0; b * BLOCK_STEPS < steps; b++) {
		long left = steps - b * BLOCK_STEPS;
		run_block(seed, b, left < BLOCK_STEPS ? left : BLOCK_STEPS);
	}
	return 0;
}
