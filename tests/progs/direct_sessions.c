/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which sessions there are, and whose (tools/sessions.c): by what owners and processes say,
 * who can forge it. See direct.h.
 */
#include "../../tools/sessions.h"
#include "core/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What sessions.c calls: memory that may be lacking, and what it says. */
static bool lacking;
static char said[1024], said_what[128]; /* all, and the last one's words */

static void *some(void *at, size_t n)
{
	return lacking ? NULL : realloc(at, n);
}

static void *zeroed(size_t n, size_t size)
{
	return lacking ? NULL : calloc(n, size);
}

static void *room(size_t n)
{
	return lacking ? NULL : malloc(n);
}

static void tell(const char *path, const char *what, int error, const char *remedy)
{
	snprintf(said_what, sizeof said_what, "%s; %s", what ? what : "",
		 remedy ? remedy : "");
	snprintf(said + strlen(said), sizeof said - strlen(said), "%s:%d ", path, error);
}

#define realloc some
#define calloc zeroed
#define malloc room
#define report(path, what, error, remedy) tell(path, what, error, remedy)
#include "../../tools/sessions.c"
#undef realloc
#undef calloc
#undef malloc
#undef report

#include "direct_procfs.h"

#define ID "AAAAAAAAAAAAAAAAAAAAA"
#define NAMED(last) ".privtmp-" ID last
#define TMP(last) "/tmp/" NAMED(last)

/* -- What sessions.c asks: the roots, the processes, and what owners say -- */

static struct root roots_there[8];
static struct seen seens_there[96];
static size_t n_roots, n_seens;
static bool roots_cut, seens_cut, seens_failed;
static int roots_error;

void roots_find(const struct settings *settings, struct roots *roots)
{
	(void)settings;
	memset(roots, 0, sizeof *roots);
	roots->at = calloc(96, sizeof *roots->at);
	MUST(roots->at);
	memcpy(roots->at, roots_there, sizeof roots_there);
	roots->n = n_roots;
	roots->cut = roots_cut;
	roots->error = roots_error;
}

static char hinted[256];

void roots_hint(struct roots *roots, const char *path, uid_t owner, gid_t group)
{
	(void)group;
	snprintf(hinted + strlen(hinted), sizeof hinted - strlen(hinted), "%s:%u ", path,
		 owner);
	if (!roots->at)
		roots->at = calloc(96, sizeof *roots->at);
	MUST(roots->at);
	strcpy(roots->at[roots->n].path, path);
	roots->at[roots->n].owner = owner;
	roots->at[roots->n++].hinted = true;
}

void roots_sort(struct roots *roots)
{
	(void)roots;
}

static uid_t run_user; /* who has a directory in memory; 0: nobody */

void roots_each_run(struct roots *roots, void (*fn)(void *arg, uid_t uid, gid_t gid),
		    void *arg)
{
	(void)roots;
	if (run_user)
		fn(arg, run_user, run_user);
}

bool roots_is_path(const char *path)
{
	return root_path_is(path, strlen(path));
}

void members_find(pid_t pid, int seconds, struct seens *seens)
{
	(void)pid, (void)seconds;
	*seens = (struct seens){ n_seens, seens_there, seens_cut, seens_failed };
}

struct file_id file_id_of(const struct statx *st)
{
	return (struct file_id){ 1, st->stx_ino };
}

gid_t crew_group(uid_t uid, gid_t gid)
{
	(void)uid;
	return gid;
}

const char *remedy_of(int error)
{
	(void)error;
	return NULL;
}

void remedy_lack(const char *what, int error)
{
	tell(what, NULL, error, NULL);
}

void show_report(const char *path, const char *what, int error, const char *remedy)
{
	tell(path, what, error, remedy);
}

const struct passwd *user_of(uid_t uid)
{
	static struct passwd root = { .pw_name = (char *)"root" };

	return uid == 0 ? &root : NULL;
}

/* Each answer with its owner, whose child says it. */
static struct answer {
	uid_t uid;
	struct looked looked;
} answers[4];
static size_t n_answers;

void look_work(struct job *job)
{
	for (size_t i = 0; i < n_answers; i++)
		if (answers[i].uid == job->uid)
			crew_say(job, &answers[i].looked);
}

static void begin(void)
{
	n_roots = n_seens = n_answers = 0;
	roots_cut = seens_cut = seens_failed = lacking = false;
	roots_error = 0;
	run_user = 0;
	memset(roots_there, 0, sizeof roots_there);
	memset(seens_there, 0, sizeof seens_there);
	memset(answers, 0, sizeof answers);
	memset(fails, 0, sizeof fails);
	*said = *hinted = '\0';
}

static void root(const char *path, uid_t owner)
{
	strcpy(roots_there[n_roots].path, path);
	roots_there[n_roots++].owner = owner;
}

static struct looked *answer(uid_t uid, const char *path, enum found_state state)
{
	struct answer *a = &answers[n_answers++];

	a->uid = uid;
	strcpy(a->looked.path, path);
	a->looked.state = state;
	a->looked.lease = (struct file_id){ 1, 7 };
	a->looked.mapped = (struct file_id){ 1, 8 };
	a->looked.root = (struct file_id){ 1, 9 };
	return &a->looked;
}

static struct seen *seen(pid_t pid, uid_t uid)
{
	struct seen *s = &seens_there[n_seens++];

	s->pid = pid;
	s->uid = uid;
	return s;
}

/* All sessions: "ROOT:OWNER=STATE", with "lease" behind one that is known, and members. */
static const char *found_by(const struct query *query)
{
	static char text[4096];
	struct sessions all;
	size_t at = 0;

	sessions_find(query, &all);
	*text = '\0';
	for (size_t i = 0; i < all.n; i++) {
		const struct found *f = &all.at[i];

		at += (size_t)snprintf(text + at, sizeof text - at, "%s:%u=%s%s",
				       strrchr(f->root, '-') + 22, f->owner,
				       found_word(f->state), f->lease ? ",lease" : "");
		for (const struct member *m = f->members; m; m = m->next)
			at += (size_t)snprintf(text + at, sizeof text - at, ",%d",
					       (int)m->pid);
		at += (size_t)snprintf(text + at, sizeof text - at, " ");
	}
	snprintf(text + at, sizeof text - at, "%s", all.cut ? "cut" : "");
	return text;
}

static const struct settings settings;
static const struct query all = { .settings = &settings };

#define FOUND(wanted) TEXT_IS("found", found_by(&all), wanted)

/* -- What owners say -- */

static void forged(void)
{
	static const struct {
		uid_t uid;
		const char *path;
		unsigned state;
		const char *primary, *found;
	} rows[] = {
		{ ME, TMP("A"), FOUND_LIVE, "", "A:61234=live B:61235=closed " },
		{ ME, TMP("A"), FOUND_PART, TMP("B"), "A:61234=part B:61235=closed " },
		{ ME, "/run/user/61234/" NAMED("C"), FOUND_DEAD, "",
		  "A:61234=closed B:61235=closed C:61234=dead " },
		/* About another's, or another directory; and states that there are not. */
		{ ME, TMP("B"), FOUND_LIVE, "", "A:61234=closed B:61235=closed " },
		{ ME, TMP("C"), FOUND_LIVE, "", "A:61234=closed B:61235=closed " },
		{ ME, "/run/user/61235/" NAMED("C"), FOUND_DEAD, "",
		  "A:61234=closed B:61235=closed " },
		{ ME, "/run/user/61234/x", FOUND_DEAD, "",
		  "A:61234=closed B:61235=closed " },
		{ ME, "/run/user/61234/x/" NAMED("C"), FOUND_DEAD, "",
		  "A:61234=closed B:61235=closed " },
		{ ME, TMP("A"), FOUND_STATES, "", "A:61234=closed B:61235=closed " },
		{ ME, TMP("A"), FOUND_PART, "x\n", "A:61234=closed B:61235=closed " },
		{ ME, TMP("A"), FOUND_PART, "", "A:61234=closed B:61235=closed " },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin();
		root(TMP("A"), ME);
		root(TMP("B"), OTHER);
		strcpy(answer(rows[i].uid, rows[i].path, (enum found_state)rows[i].state)
			       ->primary,
		       rows[i].primary);
		FOUND(rows[i].found);
		TEXT_IS("said", said, "");
	}
}

static void leases(void)
{
	static const struct {
		const char *text;
		bool valid;
	} rows[] = {
		{ "privtmp 2\nguard " TMP("A") "/aaaaaaaaaaa\t/tmp\nsession " TMP(
			  "A") "\n",
		  true },
		{ "privtmp 2\n", false },
		{ "text", false },
		{ "", false },
	};
	struct looked *l;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin();
		root(TMP("A"), ME);
		l = answer(ME, TMP("A"), FOUND_LIVE);
		l->len = strlen(rows[i].text);
		memcpy(l->text, rows[i].text, l->len);
		/* What comes behind a lease is not heard. */
		answer(ME, TMP("A"), FOUND_DEAD);
		FOUND(rows[i].valid ? "A:61234=live,lease " : "A:61234=dead ");
	}
	/* One that is longer than any. */
	begin();
	root(TMP("A"), ME);
	answer(ME, TMP("A"), FOUND_LIVE)->len = POLICY_TEXT_MAX + 1;
	FOUND("A:61234=live ");
}

static void owners(void)
{
	begin();
	/* Roots of one user are looked at by one child. */
	root(TMP("A"), ME);
	root(TMP("B"), ME);
	root(TMP("C"), OTHER);
	run_user = OTHER;
	answer(ME, TMP("B"), FOUND_KEPT);
	answer(ME, TMP("A"), FOUND_YOUNG);
	answer(OTHER, TMP("C"), FOUND_STRANGE);
	FOUND("A:61234=starting B:61234=kept C:61235=strange ");
	/* Whose child failed, or had no time, is told by name. */
	fails[0].uid = ME;
	fails[0].outcome = CREW_CUT;
	FOUND("A:61234=closed B:61234=closed C:61235=strange cut");
	TEXT_IS("said", said, "61234's sessions:0 ");
	TEXT_IS("what", said_what,
		"looking at them was cut short: it took more than 5 seconds; "
		"--timeout allows more");
	*said = '\0';
	fails[0].outcome = CREW_FAILED;
	fails[0].error = EIO;
	FOUND("A:61234=closed B:61234=closed C:61235=strange cut");
	TEXT_IS("said", said, "61234's sessions:5 ");
	TEXT_IS("what", said_what, "looking at them failed; ");
}

static void by_one_user(void)
{
	become(ME);
	/* Who is not root looks at none of others. */
	FOUND("A:61234=live B:61235=closed ");
}

static void incomplete(void)
{
	begin();
	root(TMP("A"), ME);
	root(TMP("B"), OTHER);
	answer(ME, TMP("A"), FOUND_LIVE);
	answer(OTHER, TMP("B"), FOUND_DEAD);
	in_child(by_one_user);
	for (int i = 0; i < 4; i++) {
		roots_cut = i == 0;
		seens_cut = i == 1;
		roots_error = i == 2 ? EIO : 0;
		seens_failed = i == 3;
		*said = '\0';
		FOUND("A:61234=live B:61235=dead cut");
		/* Of errors it was told already. */
		TEXT_IS("said", said, i < 2 ? "sessions:0 " : "");
	}
	seens_failed = false;
	*said = '\0';
	lacking = true;
	FOUND("");
	TRUE(strstr(said, "sessions:12 "));
}

/* -- Members -- */

static void members(void)
{
	struct seen *s;

	begin();
	root(TMP("A"), ME);
	answer(ME, TMP("A"), FOUND_LIVE);
	/* By the file that is open, or mapped, and not by the path. */
	seen(1, ME)->lease = (struct file_id){ 1, 7 };
	s = seen(2, ME);
	s->lease = (struct file_id){ 1, 8 };
	s->mapped = true;
	seen(3, ME)->lease = (struct file_id){ 1, 8 };
	s = seen(4, ME);
	s->lease = (struct file_id){ 2, 7 };
	strcpy(s->path, TMP("A"));
	/* By mounts, of the owner's processes and of root's. */
	strcpy(seen(5, ME)->shown, NAMED("A"));
	strcpy(seen(6, 0)->shown, NAMED("A"));
	strcpy(seen(7, OTHER)->shown, NAMED("A"));
	strcpy(seen(8, ME)->shown, NAMED("B"));
	/* Once; and helpers, if the owner or root says that they are, are none. */
	seen(1, ME)->lease = (struct file_id){ 1, 7 };
	for (int i = 0; i < 4; i++) {
		static const uid_t users[] = { ME, 0, OTHER, ME };

		s = seen(10 + i, users[i]);
		s->lease = (struct file_id){ 1, 7 };
		s->root = (struct file_id){ 1, i < 3 ? 9 : 10 };
	}
	FOUND("A:61234=live,1,2,5,6,12,13 ");
	*said = '\0';
	IS(sessions_at(&(struct sessions){ 0, NULL, false }, TMP("A"), ME) == NULL, true);
}

static void of_one(void)
{
	const struct found *f;
	struct seen *s;

	begin();
	root(TMP("A"), ME);
	root(TMP("B"), ME);
	n_roots = 2;
	answer(ME, TMP("A"), FOUND_LIVE);
	answer(ME, TMP("B"), FOUND_LIVE)->lease.inode = 17;
	answers[1].looked.mapped.inode = 18;
	/* Of a process alone its own roots are looked at: those that it names. */
	s = seen(5, ME);
	s->lease = (struct file_id){ 1, 7 };
	strcpy(s->path, TMP("A"));
	s = seen(5, ME);
	s->lease = (struct file_id){ 1, 18 };
	s->mapped = true;
	strcpy(s->path, TMP("B"));
	for (size_t i = 0; i < 2; i++) {
		static const char text[] = "privtmp 2\nguard " TMP(
			"A") "/aaaaaaaaaaa\t/tmp\nsession " TMP("A") "\n";

		answers[i].looked.len = sizeof text - 1;
		memcpy(answers[i].looked.text, text, sizeof text - 1);
	}
	/* Mapped counts more than open, in whatever order. */
	f = sessions_of(&settings, 5);
	TEXT_IS("mapped", f ? f->root : NULL, TMP("B"));
	seens_there[2] = seens_there[0];
	seens_there[0] = seens_there[1];
	seens_there[1] = seens_there[2];
	f = sessions_of(&settings, 5);
	TEXT_IS("mapped", f ? f->root : NULL, TMP("B"));
	TRUE(!sessions_of(&settings, 6));
	answers[0].looked.state = answers[1].looked.state = FOUND_DEAD;
	TRUE(!sessions_of(&settings, 5));
}

static void shown(void)
{
	const struct found *f;

	begin();
	root("/var/tmp/" NAMED("A"), OTHER);
	root(TMP("A"), ME);
	mount_procfs();
	make_dir(OF(5, ""), ME, 0755);
	put("/proc/self/uid_map", "0 0 4294967295\n");
	put(OF(5, "uid_map"), "0 61234 1\n");
	/* Of an owner about whom the process's mounts can be believed: in a namespace that it
	   made itself, of its own. */
	f = sessions_shown(&settings, 5, NAMED("A"));
	TEXT_IS("own", f ? f->root : NULL, TMP("A"));
	TRUE(!sessions_shown(&settings, 5, NAMED("B")));
	put(OF(5, "uid_map"), "0 0 4294967295\n");
	f = sessions_shown(&settings, 5, NAMED("A"));
	TEXT_IS("any", f ? f->root : NULL, "/var/tmp/" NAMED("A"));
}

/* -- Roots that processes name -- */

static void hints(void)
{
	begin();
	root(TMP("A"), ME);
	make_dir("/tmp/x", 0, 0755);
	make_dir("/tmp/x/" NAMED("B"), OTHER, 0700);
	make_file("/tmp/x/" NAMED("C"), OTHER, 0600);
	strcpy(seen(1, ME)->path, TMP("A"));
	strcpy(seen(2, ME)->path, "/tmp/x/" NAMED("D"));
	strcpy(seen(3, 0)->path, "/tmp/x/" NAMED("B"));
	strcpy(seen(4, 0)->path, "/tmp/x/" NAMED("C"));
	strcpy(seen(5, 0)->path, "/tmp/x/" NAMED("E"));
	seen(6, ME);
	/* Those of root's processes by whose they are; those that lead to none are dropped. */
	FOUND("A:61234=closed ");
	TEXT_IS("hinted", hinted,
		"/tmp/x/" NAMED("D") ":61234 /tmp/x/" NAMED("B") ":61235 ");
	answer(OTHER, "/tmp/x/" NAMED("B"), FOUND_LIVE);
	FOUND("A:61234=closed ");
	/* More than are asked about are told. */
	begin();
	for (int i = 0; i < ASKED; i++)
		strcpy(seen(i + 1, 0)->path, "/tmp/x/" NAMED("E"));
	FOUND("");
	strcpy(seen(ASKED + 1, 0)->path, "/tmp/x/" NAMED("E"));
	FOUND("cut");
	TEXT_IS("said", said, "sessions:0 ");
}

/* Each owner has one child, in whatever order the roots and directories come. */
static void jobs_of(void)
{
	struct jobs jobs = { NULL, 0, NULL };

	for (unsigned turn = 0; turn < 2; turn++)
		for (uid_t uid = 1; uid < 5; uid++) {
			const struct job *job = job_of(&jobs, uid, 7 + turn);

			TRUE(job == &jobs.at[uid - 1]);
			IS(job->uid, uid);
			IS(job->gid, 7);
			IS(jobs.n, turn ? 4 : uid);
		}
	lacking = true;
	TRUE(job_of(&jobs, 9, 9) == NULL);
	IS(jobs.n, 4);
	lacking = false;
	free(jobs.at);
}

/* -- What is said -- */

static void left_over(void)
{
	struct remains remains = { .count = 0 };

	begin();
	session_say_left(TMP("A"), &remains, EBUSY);
	remains.count = 1;
	remains.error = EIO;
	strcpy(remains.name, "x");
	session_say_left(TMP("A"), &remains, 0);
	TEXT_IS("what", said_what, "cannot be removed; privtmp sweep tries again");
	remains.count = 2;
	session_say_left(TMP("A"), &remains, 0);
	TEXT_IS("what", said_what,
		"and others cannot be removed; privtmp sweep tries again");
	TEXT_IS("said", said, TMP("A") ":16 " TMP("A") "/.../x:5 " TMP("A") "/.../x:5 ");
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "forged", forged },
		{ "leases", leases },
		{ "owners", owners },
		{ "incomplete", incomplete },
		{ "members", members },
		{ "of_one", of_one },
		{ "hints", hints },
		{ "shown", shown },
		{ "left_over", left_over },
		{ "jobs", jobs_of },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
