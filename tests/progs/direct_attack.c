/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an attack has proved (tools/audit/attack.c): by what the attacked command did with what
 * was planted, of which the events are given here. See direct.h.
 */
#include "../../tools/audit/attack.h"
#include "core/report.h"

#include <stdio.h>
#include <string.h>

/* What attack.c calls: memory that may be lacking, and what it says. */
static bool lacking;
static char said[256];

static FILE *stream(char **text, size_t *size)
{
	return lacking ? NULL : open_memstream(text, size);
}

static void tell(const char *path, const char *what, int error, const char *remedy)
{
	(void)what, (void)remedy;
	snprintf(said, sizeof said, "%s:%d", path, error);
}

#define open_memstream stream
#define report(path, what, error, remedy) tell(path, what, error, remedy)
#include "../../tools/audit/attack.c"
#undef open_memstream
#undef report
#define make_file plant_file /* direct.h has another one */
#include "../../tools/audit/plant.c"
#undef make_file

#include "direct.h"

/* -- What attack.c asks -- */

static struct {
	struct event events[4];
	size_t n;
	int status;
	bool no_trace, no_settling, no_history, no_finding;
	const char *
		bite; /* what becomes of the link's target: a text, or "gone"; NULL: nothing */
	const char *made; /* a file that is made beside it */
} run;

static char attacked[4096]; /* each word, with a blank behind */

bool attack_ended(void)
{
	return false;
}

int attack_run(const struct options *options, char **argv, const struct trace_file *trace,
	       const char *word, unsigned timeout, bool quiet)
{
	char path[PATH_MAX + 8];
	FILE *file;

	(void)options, (void)argv;
	IS(timeout, PATIENCE);
	TRUE(quiet);
	snprintf(attacked + strlen(attacked), sizeof attacked - strlen(attacked), "%s ",
		 word);
	if (run.bite) {
		snprintf(path, sizeof path, "%s/there", trace->directory);
		MUST(unlink(path) == 0);
		if (strcmp(run.bite, "gone") != 0) {
			file = fopen(path, "w");
			MUST(file && fputs(run.bite, file) >= 0 && fclose(file) == 0);
			MUST(chmod(path, 0600) == 0);
		}
	}
	if (run.made) {
		snprintf(path, sizeof path, "%s/%s", trace->directory, run.made);
		make_file(path, ME, 0600);
	}
	return run.status;
}

int trace_make(struct trace_file *file, const char *path, const char *const *watch)
{
	(void)path, (void)watch;
	strcpy(file->directory, "/tmp/trace");
	make_dir(file->directory, 0, 0700);
	return run.no_trace ? -1 : 0;
}

bool trace_settle(struct trace_file *file)
{
	(void)file;
	return !run.no_settling;
}

bool history_read(struct history *history, const struct trace_file *file)
{
	(void)file;
	history->events = run.events;
	history->n_events = run.n;
	return !run.no_history;
}

void trace_remove(struct trace_file *file)
{
	/* Nothing is left in it. */
	IS(rmdir(file->directory), 0);
}

/* Of an event they are in its record. */
unsigned event_flags(const struct event *event)
{
	return event->record->a;
}

bool event_creates(const struct event *event)
{
	return event->record->b;
}

static struct finding finding;
static char verdicts[256];

struct finding *verdict(struct verdicts *v, enum rule_id rule, enum severity severity,
			const struct event *event, const char *path, const char *format,
			...)
{
	(void)format;
	/* By the history that the event is in. */
	TRUE(event >= v->history->events &&
	     event < v->history->events + v->history->n_events);
	TEXT_IS("path", path, "/tmp/x");
	snprintf(verdicts, sizeof verdicts, "%d %d", (int)rule, (int)severity);
	return run.no_finding ? NULL : &finding;
}

void put_shell_word(FILE *out, const char *text)
{
	fprintf(out, "<%s>", text);
}

static struct life lives[40];
static size_t n_lives;

void lives_each(void (*visit)(struct life *life, void *data), void *data)
{
	for (size_t i = 0; i < n_lives; i++)
		visit(&lives[i], data);
}

/* -- Rows -- */

struct did {
	enum call_kind kind;
	unsigned flags;
	const char *path; /* NULL: the name that is attacked */
	int error;
	bool creates;
	unsigned record; /* its flags */
	enum trace_type before;
};

static void set_event(struct event *e, const struct did *did)
{
	struct trace_record *record = calloc(1, sizeof *record);
	struct call *call = calloc(1, sizeof *call);

	MUST(record && call);
	call->kind = did->kind;
	record->a = did->flags;
	record->b = did->creates;
	record->error = did->error;
	record->flags = did->record;
	record->before.type = did->before ? did->before : TRACE_FILE;
	*e = (struct event){ .record = record,
			     .call = call,
			     .path = did->path ? *did->path ? did->path : NULL :
						 "/tmp/x" };
}

static void forget(void)
{
	for (size_t i = 0; i < run.n; i++) {
		free((void *)run.events[i].record);
		free((void *)run.events[i].call);
	}
	memset(&run, 0, sizeof run);
	free((void *)finding.proof);
	memset(&finding, 0, sizeof finding);
	*verdicts = *attacked = '\0';
}

/* The events of the run without an attack: it looked at the name, and opened it. */
static struct event normal[3];
static struct history before = { .events = normal, .n_events = 3 };

static const char *attack(const char *kind, int usual)
{
	struct verdicts v = { .history = &before };
	char *argv[] = { (char *)"prog", (char *)"a b", NULL };
	char word[64];

	snprintf(word, sizeof word, "%s:/tmp/x", kind);
	attack_one(&v, NULL, argv, word, usual);
	TRUE(v.history == &before);
	return verdicts;
}

/* "RULE SEVERITY". */
#define LINK_CHANGED "5 3"
#define LINK_READ "5 2"
#define FILE_WRITTEN "2 3"
#define FOREIGN "6 3"
#define WAITED "6 2"
#define USED "2 3"
#define FAILED "1 1"

static void begin(void)
{
	static const struct did usual[] = {
		{ .kind = CALL_OPEN, .path = "" },
		{ .kind = CALL_LOOK },
		{ .kind = CALL_OPEN, .flags = O_WRONLY },
	};

	for (size_t i = 0; i < 3; i++)
		set_event(&normal[i], &usual[i]);
	IS(RULE_FOLLOWED_LINK, 5);
	IS(RULE_FOREIGN_OBJECT, 6);
	IS(RULE_MISSING_EXCLUSIVE, 2);
	IS(RULE_PREDICTABLE_NAME, 1);
}

static void by_what_it_did(void)
{
	static const struct {
		const char *link, *file, *directory;
		struct did did;
	} rows[] = {
		/* Calls that read, write or use what is there. */
		{ LINK_READ, FOREIGN, "", { .kind = CALL_OPEN, .flags = O_RDONLY } },
		{ "", FILE_WRITTEN, "", { .kind = CALL_OPEN, .flags = O_WRONLY } },
		{ LINK_READ, FILE_WRITTEN, "", { .kind = CALL_STREAM, .flags = O_RDWR } },
		{ "", FILE_WRITTEN, "", { .kind = CALL_CREAT, .flags = O_WRONLY } },
		{ LINK_READ, FOREIGN, USED, { .kind = CALL_EXEC } },
		{ LINK_READ, FOREIGN, USED, { .kind = CALL_LOAD } },
		{ LINK_READ, FOREIGN, USED, { .kind = CALL_CHMOD } },
		{ LINK_READ, FOREIGN, USED, { .kind = CALL_CHOWN } },
		{ LINK_READ, FOREIGN, USED, { .kind = CALL_SIZE } },
		/* Calls that do not. */
		{ "", "", "", { .kind = CALL_LOOK } },
		{ "", "", "", { .kind = CALL_LOOK_LINK } },
		{ "", "", "", { .kind = CALL_UNLINK } },
		{ "", "", "", { .kind = CALL_MKDIR, .creates = true } },
		/* Those that fail, and those that find nothing there. */
		{ "", "", "", { .kind = CALL_OPEN, .error = EEXIST } },
		{ "", "", "", { .kind = CALL_OPEN, .before = TRACE_ABSENT } },
		{ "", "", "", { .kind = CALL_EXEC, .error = EACCES } },
		/* Other names, and words of a program that is executed. */
		{ "", "", "", { .kind = CALL_OPEN, .path = "/tmp/y" } },
		{ "", "", "", { .kind = CALL_OPEN, .path = "" } },
		{ "", "", "", { .kind = CALL_OPEN, .record = TRACE_TOLD } },
		{ "", "", "", { .kind = CALL_OPEN, .record = TRACE_VARIABLE_TOLD } },
	};

	begin();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int k = 0; k < 3; k++) {
			static const char *const kinds[] = { "link", "file",
							     "directory" };
			const char *const wanted[] = { rows[i].link, rows[i].file,
						       rows[i].directory };
			char what[32];

			set_event(&run.events[0], &rows[i].did);
			run.n = 1;
			snprintf(what, sizeof what, "row %zu, %s", i, kinds[k]);
			TEXT_IS(what, attack(kinds[k], 0), wanted[k]);
			forget();
		}
}

static void in_a_directory(void)
{
	static const struct {
		const char *verdict;
		struct did did;
	} rows[] = {
		{ USED, { .kind = CALL_OPEN, .path = "/tmp/x/y", .creates = true } },
		{ "", { .kind = CALL_OPEN, .path = "/tmp/x/y" } },
		{ "",
		  { .kind = CALL_OPEN,
		    .path = "/tmp/x/y",
		    .creates = true,
		    .error = EACCES } },
		{ "", { .kind = CALL_OPEN, .path = "/tmp/xy", .creates = true } },
		{ "", { .kind = CALL_OPEN, .path = "/tmp", .creates = true } },
	};
	static const struct did look = { .kind = CALL_LOOK };

	begin();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		/* It is about the directory's name: without an event of that there is none. */
		for (int looks = 0; looks < 2; looks++) {
			set_event(&run.events[0], &rows[i].did);
			set_event(&run.events[1], &look);
			run.n = 1 + (size_t)looks;
			TEXT_IS(rows[i].did.path, attack("directory", 0),
				looks ? rows[i].verdict : "");
			forget();
		}
	}
	/* It was not used, and the command failed, as it does not otherwise. */
	for (int usual = 0; usual < 2; usual++) {
		set_event(&run.events[0], &look);
		run.n = 1;
		run.status = 1;
		TEXT_IS("failed", attack("directory", usual), usual ? "" : FAILED);
		forget();
	}
}

static void by_what_is_left(void)
{
	static const struct {
		const char *kind, *verdict, *bite, *made;
	} rows[] = {
		{ "link", "", NULL, NULL },
		{ "link", LINK_CHANGED, "other\n", NULL },
		{ "link", LINK_CHANGED, "bait\nmore", NULL },
		{ "link", LINK_CHANGED, "", NULL },
		{ "link", LINK_CHANGED, "gone", NULL },
		{ "link", "", "bait\n", NULL },
		{ "link", "", NULL, "made" },
		{ "dangling", "", NULL, NULL },
		{ "dangling", LINK_CHANGED, NULL, "made" },
		{ "dangling", "", "other\n", NULL },
		{ "file", "", "other\n", "made" },
	};
	static const struct did look = { .kind = CALL_LOOK };

	begin();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		set_event(&run.events[0], &look);
		run.n = 1;
		run.bite = rows[i].bite;
		run.made = rows[i].made;
		TEXT_IS(rows[i].kind, attack(rows[i].kind, 0), rows[i].verdict);
		forget();
	}
}

/* The event that is shown changes something, if one does. */
static void whose_event(void)
{
	static const struct did look = { .kind = CALL_LOOK },
				read = { .kind = CALL_OPEN, .flags = O_RDONLY },
				again = { .kind = CALL_CHMOD };
	struct history history = { .events = run.events, .n_events = 3 };
	struct outcome outcome = { .used = false };

	set_event(&run.events[0], &look);
	set_event(&run.events[1], &read);
	set_event(&run.events[2], &again);
	run.n = 3;
	look_at(&history, "/tmp/x", &outcome);
	TRUE(outcome.event == &run.events[1]);
	TRUE(outcome.read && outcome.used && !outcome.written);
	forget();
}

static void waiting(void)
{
	static const struct did did = { .kind = CALL_OPEN };

	begin();
	/* In a call that does not return, of which the trace has nothing. */
	run.status = -1;
	TEXT_IS("fifo", attack("fifo", 0), WAITED);
	TEXT_IS("proof", finding.proof,
		"privtmp audit --attack=<fifo:/tmp/x> -- <prog> <a b>");
	forget();
	TEXT_IS("fifo", attack("fifo", 0), "");
	forget();
	set_event(&run.events[0], &did);
	run.n = 1;
	run.status = -1;
	TEXT_IS("fifo", attack("fifo", 0), WAITED);
	forget();
	/* Of a name that it only looked at otherwise, and of one that it did not come by. */
	run.status = -1;
	before.n_events = 2;
	TEXT_IS("fifo", attack("fifo", 0), "");
	before.n_events = 0;
	TEXT_IS("fifo", attack("fifo", 0), "");
	before.n_events = 3;
	forget();
}

static void faults_of_ours(void)
{
	static const struct did did = { .kind = CALL_OPEN, .flags = O_WRONLY };
	const char *wanted[] = { "", "", "", FILE_WRITTEN, FILE_WRITTEN, FILE_WRITTEN };

	begin();
	for (int i = 0; i < 6; i++) {
		set_event(&run.events[0], &did);
		run.n = 1;
		run.no_trace = i == 0;
		run.no_settling = i == 1;
		run.no_history = i == 2;
		run.no_finding = i == 3;
		lacking = i == 4;
		finding.proof = i == 5 ? strdup("earlier") : NULL;
		TEXT_IS("verdict", attack("file", 0), wanted[i]);
		IS(*attacked != '\0', i != 0);
		/* A finding is told without what there was no memory for, and once. */
		TEXT_IS("proof", finding.proof, i == 5 ? "earlier" : NULL);
		lacking = false;
		forget();
	}
	rmdir("/tmp/trace");
}

static void words(void)
{
	static const char *const good[] = { "link:/tmp/x", "dangling:/", "fifo:/a:b",
					    "file:/tmp/x", "directory:/tmp/x" };
	static const char *const bad[] = { "link",	 "link:",   "link:x",
					   "lin:/tmp/x", ":/tmp/x", "links:/tmp/x",
					   "",		 "/tmp/x" };

	struct verdicts v = { .history = &before };
	char *argv[] = { (char *)"prog", NULL };

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		*said = '\0';
		IS(attack_is_word(good[i]), true);
		TEXT_IS(good[i], said, "");
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char wanted[32];

		snprintf(wanted, sizeof wanted, "%s:0", bad[i]);
		IS(attack_is_word(bad[i]), false);
		TEXT_IS(bad[i], said, wanted);
		/* Nothing is run by it. */
		attack_one(&v, NULL, argv, bad[i], 0);
		TEXT_IS(bad[i], attacked, "");
	}
}

static void all(void)
{
	struct verdicts v = { .history = &before };
	char *argv[] = { (char *)"prog", NULL };
	char names[40][32];

	begin();
	for (int i = 0; i < 40; i++) {
		snprintf(names[i], sizeof *names, "/tmp/%d", i);
		lives[i] = (struct life){ .path = names[i], .target = i != 1 };
	}
	n_lives = 3;
	attack_all(&v, NULL, argv, 0);
	TEXT_IS("all", attacked,
		"link:/tmp/0 dangling:/tmp/0 file:/tmp/0 fifo:/tmp/0 directory:/tmp/0 "
		"link:/tmp/2 dangling:/tmp/2 file:/tmp/2 fifo:/tmp/2 directory:/tmp/2 ");
	forget();
	/* As many names as are attacked. */
	n_lives = 40;
	attack_all(&v, NULL, argv, 0);
	TRUE(strstr(attacked, "directory:/tmp/16 "));
	FALSE(strstr(attacked, ":/tmp/17 "));
	forget();
}

/* -- Plants -- */

static void plants_put(void)
{
	static const struct {
		const char *name;
		mode_t mode; /* of a link none is looked at */
	} rows[] = { { "link", S_IFLNK },
		     { "dangling", S_IFLNK },
		     { "file", S_IFREG | 0666 },
		     { "fifo", S_IFIFO | 0666 },
		     { "directory", S_IFDIR | 0777 } };
	struct trace_file trace = { .directory = "/tmp/trace" };
	char path[64], to[64];
	struct stat st;

	make_dir(trace.directory, 0, 0700);
	plant_bait(&trace);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct plant *plant =
			plant_named(rows[i].name, strlen(rows[i].name));

		snprintf(path, sizeof path, "/tmp/%s", rows[i].name);
		/* Anybody may use it, and nothing that is there is touched. */
		TRUE(plant && plant_put(plant, path, &trace));
		FALSE(plant_put(plant, path, &trace));
		FALSE(plant_put(plant, "/tmp/none/x", &trace));
		MUST(lstat(path, &st) == 0);
		IS(S_ISLNK(st.st_mode) ? S_IFLNK : st.st_mode, rows[i].mode);
	}
	to[readlink("/tmp/link", to, sizeof to - 1)] = '\0';
	TEXT_IS("link", to, "/tmp/trace/there");
	IS(readlink("/tmp/dangling", to, sizeof to), strlen("/tmp/trace/made"));
	/* To change the rights of what a link leads to is a change, too. */
	FALSE(plant_bitten(&trace, PLANT_LINK));
	MUST(chmod("/tmp/link", 0644) == 0);
	TRUE(plant_bitten(&trace, PLANT_LINK));
	plant_clear(&trace);
	IS(rmdir(trace.directory), 0);
	plant_bait(&trace);
	FALSE(is_there("/tmp/trace"));
	FALSE(plant_bitten(&trace, PLANT_DANGLING));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "by_what_it_did", by_what_it_did },
		{ "in_a_directory", in_a_directory },
		{ "by_what_is_left", by_what_is_left },
		{ "whose_event", whose_event },
		{ "waiting", waiting },
		{ "faults_of_ours", faults_of_ours },
		{ "words", words },
		{ "all", all },
		{ "plants", plants_put },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
