/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a program's own environment gets (wrap/exec_env.c): for children that libc starts, at the
 * start and around calls that do so; and whether other word sizes have a shim. See direct.h.
 */
#include "direct_exec_env.h"

#define T(text) ((char *)(text))

static char *variables[1100];

static void put(const char *one, const char *two, const char *three)
{
	memset(variables, 0, sizeof variables);
	variables[0] = T(one);
	variables[1] = T(two);
	variables[2] = T(three);
	environ = variables;
}

static void forget_word(void)
{
	shim_word = "";
	long_word[0] = '\0';
	memset(short_word, 0, sizeof short_word);
}

/* -- At the start -- */

static void remembered(void)
{
	static char entry[PATH_MAX + 300] = "LD_PRELOAD=libprivtmp.so:b.so";
	static char too_long[PATH_MAX + 1];

	begin();
	forget_word();
	put("A=1", NULL, NULL);
	exec_remember();
	TEXT_IS("none", shim_word, "");
	given = "x/libprivtmp.so:a.so";
	pt_session.privileged = true;
	exec_remember();
	TEXT_IS("another user's", shim_word, "");
	pt_session.privileged = false;
	exec_remember();
	TEXT_IS("as it was given", shim_word, "x/libprivtmp.so");
	IS(shim_word, short_word);
	/* One that is long lies elsewhere; one that is too long is none. */
	memset(too_long, 'x', 200);
	given = too_long;
	exec_remember();
	IS(strlen(shim_word), 200);
	IS(shim_word, long_word);
	forget_word();
	memset(too_long, 'x', PATH_MAX);
	exec_remember();
	TEXT_IS("too long", shim_word, "");
	too_long[PATH_MAX - 1] = '\0';
	exec_remember();
	IS(strlen(shim_word), PATH_MAX - 1);

	/* A path that lasts takes its place where it stands. */
	forget_word();
	put("A=1", entry, "B=2");
	given = entry + strlen("LD_PRELOAD=");
	lasting = SHIM;
	exec_remember();
	TEXT_IS("lasting", shim_word, SHIM);
	ENTRIES(environ, "A=1", "LD_PRELOAD=" SHIM ":b.so", "B=2");
	TEXT_IS("what was given", entry, "LD_PRELOAD=libprivtmp.so:b.so");
	/* An entry that gets too long stays; and one that is not there. */
	memset(entry + strlen(entry), 'y', PATH_MAX + 256 - strlen(entry));
	put("A=1", entry, NULL);
	exec_remember();
	IS(environ[1], entry);
	/* One byte less is enough. */
	entry[PATH_MAX + 255 + strlen("libprivtmp.so:") - strlen(SHIM ":")] = '\0';
	given = entry + strlen("LD_PRELOAD=");
	{
		size_t len;

		preload_given(&len);
		replace_word(given, strlen("libprivtmp.so"));
		FALSE(environ[1] == entry);
		IS(strlen(environ[1]), PATH_MAX + 255);
	}
	put("A=1", NULL, NULL);
	exec_remember();
	ENTRIES(environ, "A=1");
	environ = NULL;
	exec_remember();
	TEXT_IS("lasting", shim_word, SHIM);
	IS(environ, NULL);
	put(NULL, NULL, NULL);
}

static void published_for(void)
{
	begin();
	put("A=1", SESSION_VARIABLE "=old", "B=2");
	exec_publish();
	ENTRIES(environ, "A=1", SESSION_VARIABLE "=shown", "B=2");
	IS(pt_session.published, &published);
	IS(exec_env_published(), &published);
	IS(environ, variables);
	/* A name that is not known yet is empty; and it is put where there was none. */
	put("A=1", "B=2", NULL);
	pt_session.state = SESSION_PLANNED;
	exec_publish();
	ENTRIES(environ, "A=1", "B=2", SESSION_VARIABLE "=");
	FALSE(environ == variables);
	put(NULL, NULL, NULL);
	exec_publish();
	ENTRIES(environ, SESSION_VARIABLE "=");
	environ = NULL;
	exec_publish();
	ENTRIES(environ, SESSION_VARIABLE "=");
	/* Where there is no room for it, only such children lack it. */
	put(NULL, NULL, NULL);
	for (size_t i = 0; i < 1023; i++)
		variables[i] = T("A=1");
	exec_publish();
	IS(environ, variables);
	variables[1022] = NULL;
	exec_publish();
	FALSE(environ == variables);
	TEXT_IS("the last", environ[1022], SESSION_VARIABLE "=");
	IS(environ[1023], NULL);
	/* Paths that another thread has put there are the view's again. */
	{
		char list[] = "LIST=/x", zone[] = "TZ=/x", plain[] = "A=1";

		put(list, zone, plain);
		exec_publish();
		IS(shows, 2);
		TEXT_IS("the zone", zone, "LZ=/x");
	}
	/* Without a session nothing is said, nor to what runs for another user. */
	pt_session.state = SESSION_NONE;
	put("A=1", NULL, NULL);
	exec_publish();
	ENTRIES(environ, "A=1");
	pt_session.state = SESSION_LIVE;
	for_caller = true;
	exec_publish();
	ENTRIES(environ, "A=1");
	/* A set-user-ID program forgets what its caller has set. */
	put("PRIVTMP_ROOTS=/x", "A=1", "PRIVTMP_LOG=x");
	exec_publish();
	ENTRIES(environ, "PRIVTMP_ROOTS=/x", "A=1", "PRIVTMP_LOG=x");
	pt_session.privileged = true;
	exec_publish();
	ENTRIES(environ, "A=1");
	environ = NULL;
	exec_publish();
	IS(environ, NULL);
	put(NULL, NULL, NULL);
}

/* -- Around a call -- */

/* Has environ a heap of its own, and these variables. */
static void set(const char *one, const char *two)
{
	MUST(clearenv() == 0);
	MUST(!one || putenv(T(one)) == 0);
	MUST(!two || putenv(T(two)) == 0);
}

static void mended(void)
{
	begin();
	set("A=1", NULL);
	IS(exec_env_mend(), 0);
	ENTRIES(environ, "A=1", "LD_PRELOAD=" SHIM, SESSION_VARIABLE "=shown");
	IS(shares, 1);
	/* What stands there is not put again. */
	IS(exec_env_mend(), 0);
	ENTRIES(environ, "A=1", "LD_PRELOAD=" SHIM, SESSION_VARIABLE "=shown");
	set("LD_PRELOAD=b.so", NULL);
	IS(exec_env_mend(), 0);
	ENTRIES(environ, "LD_PRELOAD=" SHIM ":b.so", SESSION_VARIABLE "=shown");
	set(LEADS, "A=1");
	shim_word = "";
	IS(exec_env_mend(), 0);
	ENTRIES(environ, "LIST=/real", "A=1", SESSION_VARIABLE "=shown");
	shows = 0;
	exec_env_mended();
	IS(shows, 1);
	/* The program sees what it had. */
	environ = NULL;
	exec_env_mended();
	IS(shows, 1);
	/* What fails is said. */
	set("LIST=denied", NULL);
	IS(exec_env_mend(), EACCES);
	IS(lead_lists(), -EACCES);
	set(LEADS, NULL);
	put_fails = -ENAMETOOLONG;
	IS(exec_env_mend(), ENAMETOOLONG);
	set("A=1", NULL);
	shim_word = SHIM;
	IS(exec_env_mend(), ENAMETOOLONG);
	put_fails = 0;
	/* What libc starts for another user is told nothing, or whose variables these are. */
	shim_word = "";
	for_caller = true;
	set(SESSION_VARIABLE "=old", NULL);
	IS(exec_env_mend(), 0);
	ENTRIES(environ, NULL);
	callers = true;
	IS(exec_env_mend(), 0);
	ENTRIES(environ, SESSION_CALLERS);
	for_caller = false;
	pt_session.state = SESSION_OFF;
	pt_session.privileged = true;
	set("A=1", NULL);
	IS(exec_env_mend(), 0);
	ENTRIES(environ, "A=1", SESSION_CALLERS);
	/* Where nothing is guarded, nothing is changed. */
	pt_session.privileged = false;
	shim_word = SHIM;
	set("A=1", NULL);
	IS(exec_env_mend(), 0);
	ENTRIES(environ, "A=1");
	put(NULL, NULL, NULL);
}

/* -- The other word size -- */

#define HERE (sizeof(void *) == 8 ? "\177ELF\2" : "\177ELF\1")
#define OTHER_HEAD (sizeof(void *) == 8 ? "\177ELF\1" : "\177ELF\2")

static void sizes(void)
{
	static struct link_map map;
	static char longest[600] = "/mnt/lib/";

	begin();
	FALSE(is_other("/mnt/none"));
	write_bytes("/mnt/x", HERE, 5, 0600);
	FALSE(is_other("/mnt/x"));
	write_bytes("/mnt/x", OTHER_HEAD, 4, 0600);
	FALSE(is_other("/mnt/x"));
	write_bytes("/mnt/x", "#!ELF\1", 6, 0600);
	FALSE(is_other("/mnt/x"));
	write_bytes("/mnt/x", OTHER_HEAD, 5, 0600);
	TRUE(is_other("/mnt/x"));

	make_dir("/mnt/lib", 0, 0755);
	make_dir("/mnt/lib32", 0, 0755);
	make_dir("/mnt/lib64", 0, 0755);
	shim_word = "libprivtmp.so";
	FALSE(exec_has_other());
	own = &map;
	map.l_name = T("libprivtmp.so");
	FALSE(exec_has_other());
	map.l_name = T("/l.so"); /* no such directory, and too short for it */
	FALSE(exec_has_other());
	map.l_name = T("/mnt/lib64/l.so");
	FALSE(exec_has_other());
	write_bytes("/mnt/lib32/l.so", HERE, 5, 0600);
	FALSE(exec_has_other());
	write_bytes("/mnt/lib32/l.so", OTHER_HEAD, 5, 0600);
	TRUE(exec_has_other());
	unlink("/mnt/lib32/l.so");
	write_bytes("/mnt/lib/l.so", OTHER_HEAD, 5, 0600);
	TRUE(exec_has_other());
	/* A word that names this very file helps no other dynamic linker; one with $LIB does. */
	shim_word = "/mnt/lib64/l.so";
	FALSE(exec_has_other());
	shim_word = "/mnt/$LIB/l.so";
	TRUE(exec_has_other());
	/* A path that is too long is none. */
	memset(longest + 9, '/', 500);
	strcpy(longest + 500, "lib64/l.so");
	map.l_name = longest;
	FALSE(exec_has_other());
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "remembered", remembered },
		{ "published", published_for },
		{ "mended", mended },
		{ "sizes", sizes },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
