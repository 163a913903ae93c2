/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The life of a session; see README. Each step names the C function that takes it.
 *
 * What else goes on (each is a run of its own, see check):
 *   CLEANER    a cleaner of /tmp may remove what is named at any time
 *   OVERLAY    a mapping does not hold the lock: the lease moves, or a descriptor holds it
 *   RUN        member 0 is "privtmp run", with keep=failure
 *   ASKED      the helper may be asked to go; members replace it
 *   SWEEP      a sweep may come at any time
 *   PEER       another session of the same owner may use a further root's name
 *   BUSY       what is to be removed may be in use, for a while
 * STEPS is how many steps the attacker takes at most.
 *
 * Rules taken away, each of which must make SPIN find an error:
 *   NAMED      the helper is told a name
 *   LEASELAST  the lease is removed last
 *   NOOWNER    a further root is removed without a look at whose it is
 *   NOTEXT     ... at what its text says
 *   NOCOMPARE  a root's last name is removed without a comparison
 *   UNTRIED    nobody tries whether a mapping holds the lock
 *   WAITS      who leaves waits for the lock
 *   NOOWNLOCK  who leaves takes no lock of its own before letting go
 *   ONCE       who leaves asks once only
 *   LEASEGONE  who waits for a remover waits for the lease, not for the root
 *   UNASKED    nobody asks whether the maker has come to its end
 *   MARKEARLY  who leaves looks for the mark "failed" before it has the lock only
 *   UNLINKED   who joins does not look whether the lease is still linked
 *   YOUNG      a removal that fails does not make the roots look old
 *   BLIND      sweep does not look for living members where the lease is gone
 *   STRICT     (a limit, not a rule) even an empty directory of others must stay
 */
#ifndef STEPS
#define STEPS	3	/* of the attacker's */
#endif

#define FREE	0	/* what a name leads to */
#define OURS	1
#define EVIL	2	/* the attacker's */
#define PEERS	3	/* another session's, of the same owner */

#define NONE	0	/* the lease */
#define UNNAMED	1
#define NAMED_	2

#define N	0	/* what an open file description of the lease holds */
#define SH	1
#define EX	2

#define L0	0	/* descriptions: the first member's mapping, the maker's, the child's */
#define L1	1	/* a new image's */
#define V0	2	/* those by which members leave */
#define V1	3
#define H0	4	/* the helper's, and that of its replacement */
#define H1	5
#define ATT	6
#define SWP	7

byte root = FREE;	/* what the name of the session's root leads to */
byte part = FREE;	/* of the further root */
byte lease = NONE;
bool filled;		/* the root has its backing and hints */
bool text, stuffed;	/* the further root has its text; its backing */
bool was;		/* the session's root has been there: its name is known */
byte hold[8], nsh, nex;

bool asked, made, maker_gone, ready;	/* the maker's */
byte refs;		/* of L0: 1 member 0, 2 the maker, 4 the child */
bool live[2], fin[2], forked, handed, born;
bool mixed, unwatched, failed, old, busy;
bool rough;		/* somebody was killed, or held up, or need not have waited */
bool hkilled, mkilled, cleaned, told;
bool stays;		/* the attacker holds the lock for ever */
byte helpers, gone_h;
bool gone_x;

#define CAN_EX(i)	(nex == (hold[i] == EX) && nsh == (hold[i] == SH))
#define CAN_SH(i)	(nex == (hold[i] == EX))
#define NOW_GONE	(root != OURS && part != OURS)

inline set(i, v) {
	nsh = nsh - (hold[i] == SH) + (v == SH);
	nex = nex - (hold[i] == EX) + (v == EX);
	hold[i] = v
}

inline lease_own(i, ok) {	/* LOCK_EX | LOCK_NB: what one had is gone, too */
	atomic { if :: CAN_EX(i) -> set(i, EX); ok = true
		 :: else -> set(i, N); ok = false fi }
}

inline lease_share(i, ok) {
	atomic { if :: CAN_SH(i) -> set(i, SH); ok = true
		 :: else -> set(i, N); ok = false fi }
}

inline lease_release(i) { atomic { set(i, N) } }

inline drop(whose) {	/* a process that had the first mapping is gone, or lets go */
	refs = refs & (7 - whose);
	if :: refs == 0 -> set(L0, N) :: else fi
}

#define KILL	if :: goto killed :: skip fi

/* Something of what belongs to WHAT is removed. */
#define RM(what)	assert(what == OURS); assert(!live[0] && !live[1]); assert(!failed)

/* -- remove.c -- */

inline remove_name(which, obj, bare) {	/* statx, compare, rmdir by name */
#ifdef NOCOMPARE
	if :: obj == OURS ->
#else
	if :: obj == OURS && which == OURS ->
#endif
		KILL;
		atomic { if
		:: which == OURS && bare -> RM(which); which = FREE
		:: which == EVIL ->	/* between the look and the rmdir: empty, or it stays */
#if defined(STRICT) || defined(NOCOMPARE)
			assert(false)
#else
			which = FREE
#endif
		:: else fi }
	:: else fi
}

inline remove_part(obj) {
	atomic { obj = part;			/* trust_open_root */
#ifndef NOOWNER
		if :: obj == EVIL -> obj = FREE :: else fi
#endif
	};
#ifdef NOTEXT
	if :: obj != FREE ->
#else
	if :: obj == OURS && text || obj == EVIL ->	/* is_part */
#endif
		if :: obj != OURS -> RM(obj) :: else fi;
		atomic { if :: stuffed && !busy && part == OURS -> RM(obj); stuffed = false
			 :: else fi };		/* remove_backing */
		KILL;
		atomic { if :: part == OURS -> RM(obj); text = false :: else fi };	/* remove_rest */
		KILL
	:: else					/* remove_unnamed */
	fi;
	remove_name(part, obj, (!text && !stuffed));
#ifndef YOUNG
	atomic { if :: part == OURS -> old = true :: else fi }
#endif
}

inline remove_session(obj) {
#ifndef LEASELAST
	atomic { lease = (lease == NAMED_ -> NONE : lease) };
	KILL;
#endif
	remove_part(obj);
	KILL;
	atomic { if :: filled && !busy -> RM(OURS); filled = false :: else fi };	/* remove_backing, remove_rest */
	KILL;
	atomic { if :: !filled || lease == UNNAMED -> lease = NONE :: else fi };	/* remove_contents */
	KILL;
	remove_name(root, OURS, (!filled && lease == NONE));
#ifndef YOUNG
	atomic { if :: root == OURS -> old = true :: else fi }	/* utimensat */
#endif
}

/* -- make.c, in the maker that helper.c starts -- */

active proctype Maker() {
	byte obj;
	(asked || fin[0]);
	if :: !asked -> goto ended :: else fi;
	refs = refs | 2;			/* run_maker: clone(be_maker) */
#ifdef NAMED
	atomic { told = true; helpers++; run Helper(H0) };
#endif
	KILL;
#ifdef OVERLAY
	atomic { if :: part == FREE -> part = OURS :: else -> goto ended fi };	/* make_root of the first backing's */
	KILL;
	stuffed = true;					/* make_backing */
	KILL;
	if
	:: true ->	/* make_lease: holds() says -EXDEV; move_lease */
		atomic { if :: root == FREE -> root = OURS; was = true :: else -> goto undo fi };
		KILL;
		text = true				/* lease_write_part */
	:: true ->	/* there is no such place: hold_descriptor. The part stands for nothing here */
		atomic { part = FREE; stuffed = false; root = OURS; was = true }
	fi;
#else
	atomic { if :: root == FREE -> root = OURS; was = true :: else -> goto ended fi };	/* make_root */
#endif
	KILL;
	atomic { if :: root == OURS -> filled = true :: else -> goto undo fi };	/* make_backing, hints_make */
	KILL;
	atomic { if :: root == OURS -> lease = UNNAMED :: else -> goto undo fi };	/* lease_write */
	KILL;
	atomic { set(L0, SH) };				/* lease_share, sys_map_file */
	KILL;
#ifdef UNTRIED
	atomic { set(L0, N) };				/* sys_close of what the mapping was made from */
#endif
	atomic { if :: lease == UNNAMED && root == OURS -> lease = NAMED_ :: else -> goto undo fi };	/* lease_link */
	KILL;
	made = true;					/* make_session returns */
	KILL;
#ifndef NAMED
	atomic { helpers++; run Helper(H0) };		/* start_second */
#endif
	KILL;
	ready = true;					/* be_maker's last words */
	goto ended;
undo:	atomic { set(L0, N); rough = true };		/* drop_lock, lease_forget */
	remove_session(obj);
	goto ended;
killed:	atomic { mkilled = true; rough = true };
ended:	atomic { drop(2); maker_gone = true }
}

/* -- leave.c -- */

inline wait_for_remover() {	/* not for ever */
	if
#ifdef LEASEGONE
	:: lease != NAMED_
#else
	:: NOW_GONE
#endif
	:: atomic { rough = true }
	fi
}

inline be_last(v, obj) {
	if :: mixed && watched -> lease_release(v); wait_for_remover()
	:: else ->
		KILL;
#ifdef MARKEARLY
		remove_session(obj)
#else
		if :: !failed -> remove_session(obj) :: else fi	/* lease_kept */
#endif
	fi
}

inline leave_last(id, v, whose, obj) {
	watched = !unwatched;				/* session_watched */
	there = (root == OURS && lease == NAMED_);	/* open_ours, lease_open_at */
#ifndef NOOWNLOCK
	if :: there -> lease_share(v, ok) :: else fi;
	KILL;
#endif
	atomic { live[id] = false;			/* session_let_go */
		if :: whose -> drop(whose) :: else -> set(L1, N) fi };
	KILL;
	if :: there ->
		lease_own(v, ok);
		if :: ok -> be_last(v, obj)
		:: else ->
			KILL;
#ifdef WAITS
			atomic { CAN_SH(v) -> set(v, SH); ok = true };
#else
			lease_share(v, ok);
#endif
			if :: ok ->
#ifndef ONCE
				lease_own(v, ok);
				if :: ok -> be_last(v, obj); goto out :: else fi;
#endif
				lease_release(v);
				if :: !watched && helpers < 2 ->
					atomic { helpers++; run Helper(H1) }	/* helper_start */
				:: else fi
			:: else -> wait_for_remover()
			fi
		fi
	:: else -> rough = true		/* removed by a cleaner: the helper sees to the rest */
	fi
}

/* All have left, nobody was killed, nobody held them up: nothing is there any more. */
inline finish(id) {
	atomic { fin[id] = true; ok = false; there = false; watched = false; obj = FREE;
		if :: fin[0] && fin[1] && !rough && !failed && !busy && !cleaned ->
			assert(NOW_GONE)
		:: else fi }
}

/* -- session.c, plan.c, admit.c -- */

inline make_part() {		/* session_need_backing */
	atomic { if :: part == FREE -> part = OURS; ok = true	/* make_root */
		 :: else -> ok = (part == OURS) fi };
	KILL;
	if :: ok ->
		atomic { if :: part == OURS -> text = true :: else -> rough = true fi };	/* lease_write_part */
		KILL;
		atomic { if :: part == OURS -> stuffed = true :: else fi }	/* make_backing */
	:: else fi
}

inline session_wrote() {	/* a helper that was asked to go is replaced */
	atomic { if :: unwatched && helpers < 2 ->
		unwatched = false; helpers++; run Helper(H1) :: else fi }
}

active proctype First() {
	bool ok, there, watched; byte obj;
	/* session_plan: nothing is there yet */
	atomic { refs = 1; asked = true };	/* make_planned, helper_make */
	if :: maker_gone :: goto killed fi;	/* vfork */
	if
#ifdef UNASKED
	:: true -> live[0] = true		/* take_over */
#else
	:: made && ready -> live[0] = true
	:: else -> atomic { drop(1); rough = true };	/* make_undo, or it had failed */
		remove_session(obj);
		goto out
#endif
	fi;
	handed = true;				/* session_name */
	/* What makes a member: a lease with its name, whose lock is held. */
	assert(cleaned || (lease == NAMED_ && filled));
#ifndef UNTRIED
	assert(hold[L0] == SH);
#endif
	KILL;
#ifndef OVERLAY
	if :: make_part() :: skip fi;
	KILL;
#endif
	if :: mixed = true :: skip fi;		/* admit_user */
	KILL;
	if :: atomic { !born -> forked = true; refs = refs | 4; live[1] = true } :: skip fi;	/* fork */
	KILL;
#ifdef ASKED
	session_wrote();
#endif
#ifdef RUN
	if :: failed = true; KILL :: skip fi;	/* run.c: mark_failed */
	atomic { live[0] = false; rough = true; drop(1) };	/* session_let_go; then wait_until_gone */
#else
	leave_last(0, V0, 1, obj);
#endif
	goto out;
killed:	rough = true;
out:	atomic { live[0] = false; set(V0, N); drop(1) };
	finish(0)
}

active proctype Second() {
	bool ok, there, watched; byte obj, whose;
	if
	:: forked -> whose = 4
	:: atomic { handed && !forked && root == OURS && lease == NAMED_ -> born = true };	/* open_by_name, told by a member */
		lease_own(L1, ok);
		KILL;
		if :: ok -> goto out :: else fi;	/* no member is left */
		goto by_name
	:: atomic { fin[0] && !forked -> born = true }; goto out
	fi;
	if
	:: true ->					/* session_handover: open_inheritable */
		ok = false;
		if :: lease == NAMED_ && root == OURS -> lease_share(L1, ok) :: else fi;
		KILL;
		atomic { drop(4); whose = 0;		/* exec */
			if :: ok :: else -> live[1] = false; rough = true; goto out fi };
		goto adopt
	:: fin[0] -> goto leave				/* no exec: leaves by its own copy */
	:: !fin[0] -> rough = true; goto out		/* session_leave: the parent will do it */
	fi;
by_name:
	lease_share(L1, ok);
	KILL;
	if :: !ok -> goto out :: else fi;
adopt:	/* is_lease, adopt */
	atomic {
#ifndef UNLINKED
	if :: lease == NONE -> live[1] = false; rough = true; goto out :: else fi;
#endif
	live[1] = true };
	assert(cleaned || (lease == NAMED_ && filled));	/* never half a session */
	KILL;
#ifdef ASKED
	session_wrote();
	KILL;
#endif
leave:	if :: failed -> goto out :: else fi;		/* is_kept */
	leave_last(1, V1, whose, obj);
	goto out;
killed:	rough = true;
out:	atomic { live[1] = false; set(V1, N); set(L1, N); drop(4); whose = 0 };
	finish(1)
}

/* -- helper.c, reap.c -- */

proctype Helper(byte h) {
	byte obj = OURS;	/* descriptor 3 */
#ifdef NAMED
	KILL;
	(maker_gone);
	obj = root;
#endif
	KILL;
end_wait:		/* as long as the attacker holds it */
	if
	:: atomic { CAN_EX(h) -> set(h, EX) }		/* session_reap: lease_own, waits */
#ifdef ASKED
	:: h == H0 -> unwatched = true; goto ended	/* session_unwatched */
#endif
	fi;
	/* Who leaves in peace has removed it, and tells what could not be. */
#ifndef UNTRIED
	assert(rough || mixed || failed || cleaned || busy || root != OURS || told);
#endif
	KILL;
	if :: failed -> goto ended :: else fi;		/* lease_kept */
#ifdef NAMED
	if :: obj == EVIL -> RM(obj) :: else fi;
#endif
	remove_session(obj);
	goto ended;
killed:	atomic { hkilled = true; rough = true };
ended:	atomic { set(h, N); gone_h++ }
}

/* -- The others -- */

/* Knows a name that was there, and all names once it was let in; then it may lock, too. */
active proctype Attacker() {
	byte i;
	do
	:: i < STEPS -> i++;
		if
		:: atomic { root == FREE && (was || told) -> root = EVIL }
		:: atomic { part == FREE && (was && mixed || told) -> part = EVIL }
		:: atomic { root == EVIL -> root = FREE }
		:: atomic { part == EVIL -> part = FREE }
		:: atomic { mixed && lease == NAMED_ && CAN_SH(ATT) -> set(ATT, SH); rough = true }
		:: atomic { mixed && lease == NAMED_ && CAN_EX(ATT) -> set(ATT, EX); rough = true }
		:: atomic { hold[ATT] != N -> set(ATT, N) }
		:: break
		fi
	:: else -> break
	od;
	atomic { i = 0; if :: set(ATT, N) :: hold[ATT] != N -> stays = true fi; gone_x = true }
}

/* sweep.c: by the owner, of what is the owner's. LATER: all is old by then. */
inline sweep(later) {
	if
	:: root == OURS && lease == NAMED_ ->		/* session_is_alive */
		lease_own(SWP, ok);
		if :: ok && !failed ->			/* remove_found */
			atomic { if :: part == OURS && !busy -> RM(part); part = FREE; text = false; stuffed = false :: else fi };
			atomic { if :: root == OURS && !busy -> RM(root); root = FREE; filled = false; lease = NONE :: else fi }
		:: else fi;
		lease_release(SWP)
	:: root == OURS && lease != NAMED_ ->		/* is_old, f->members */
#ifdef BLIND
		atomic { if :: root == OURS && !busy && (!asked || maker_gone) ->
#else
		atomic { if :: root == OURS && !busy && !live[0] && !live[1] && (later || old) ->
#endif
			RM(root); root = FREE; filled = false; lease = NONE;
			if :: part == OURS -> RM(part); part = FREE; text = false; stuffed = false :: else fi
		:: else fi }
	:: root != OURS && part == OURS ->		/* is_orphan */
		atomic { if :: part == OURS && !busy && !live[0] && !live[1] && (later || old) ->
			RM(part); part = FREE; text = false; stuffed = false
		:: else fi }
	:: else
	fi
}

#ifdef SWEEP
bool gone_w;
active proctype Sweeper() { bool ok; if :: sweep(0) :: skip fi; gone_w = true }
#else
#define gone_w true
#endif

#ifdef CLEANER
bool gone_c;
active proctype Cleaner() {
	if :: atomic { lease == NAMED_ -> lease = NONE; cleaned = true }
	:: atomic { root == OURS && lease == NAMED_ -> filled = false; lease = NONE; root = FREE; cleaned = true }
	:: skip fi;
	if :: atomic { part == OURS -> part = FREE; text = false; stuffed = false; cleaned = true }
	:: skip fi;
	gone_c = true
}
#else
#define gone_c true
#endif

#ifdef PEER
active proctype Peer() { if :: atomic { part == FREE && was -> part = PEERS } :: skip fi }
#endif

#ifdef BUSY
bool gone_b;
active proctype Busy() { if :: busy = true :: skip fi; gone_b = true }
#else
#define gone_b true
#endif

active proctype Watch() {
	bool ok;
	/* Nobody but the helper waits for whoever holds the lock. */
	(fin[0] && fin[1] && maker_gone && gone_x && gone_w && gone_c && gone_b);
	if :: stays -> goto end_all :: else fi;
	(gone_h == helpers);
	if :: failed -> assert(cleaned || rough || root == OURS); goto end_all :: else fi;
	/* Nobody lives, and the helper has done its work. */
	if :: !hkilled && !mkilled && !busy && !cleaned && !unwatched -> assert(NOW_GONE) :: else fi;
	/* What could not be removed is removed by a sweep at once. */
	if :: busy && !hkilled && !mkilled && !rough && !unwatched && !cleaned ->
		busy = false; sweep(0); sweep(0); assert(NOW_GONE)
	:: else -> skip fi;
	busy = false;
	sweep(1); sweep(1);
	assert(NOW_GONE);
end_all: skip
}
