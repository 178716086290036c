import kafkajs, { type PartitionAssigner } from 'kafkajs';

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol;
const VERSION = 1;

/** The epoch that a member claims to own the input under; 0 without a claim, or where its words cannot be read. */
function claimOf(memberMetadata: Buffer): number {
  const text = MemberMetadata.decode(memberMetadata)?.userData?.toString() ?? '';
  const claim = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return claim;
}

/** The member that is to own all: the greatest claim, so that who has the state keeps it; among equals the first by name. */
export function chooseOwner(members: readonly { readonly memberId: string; readonly claim: number }[]): string | undefined {
  return [...members].sort((a, b) => b.claim - a.claim || (a.memberId < b.memberId ? -1 : 1))[0]?.memberId;
}

/**
 * Gives one member all partitions and the others none. `claim` answers, at each join, the epoch under which this process holds the state, 0 without;
 * a second instance claims nothing, so it stands by and the first goes on.
 */
export function oneOwner(claim: () => number): PartitionAssigner {
  return ({ cluster }) => ({
    name: 'moneytrail-one-owner',
    version: VERSION,
    protocol: ({ topics }) => ({
      name: 'moneytrail-one-owner',
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.from(String(claim())) }),
    }),
    assign: async ({ members, topics }) => {
      const owner = chooseOwner(members.map(({ memberId, memberMetadata }) => ({ memberId, claim: claimOf(memberMetadata) })));
      const all = Object.fromEntries(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map((p) => p.partitionId)]));
      return members.map(({ memberId }) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({ version: VERSION, assignment: memberId === owner ? all : {}, userData: Buffer.alloc(0) }),
      }));
    },
  });
}
