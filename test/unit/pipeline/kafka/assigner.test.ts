import kafkajs from 'kafkajs';
import { chooseOwner, oneOwner } from '../../../../src/pipeline/kafka/assigner.ts';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
const cluster = { findTopicPartitionMetadata: () => [0, 1, 2].map((partitionId) => ({ partitionId })) } as never;

function member(memberId: string, claim: number): { memberId: string; memberMetadata: Buffer } {
  const { metadata } = oneOwner(() => claim)({ cluster, groupId: 'g', logger: null as never }).protocol({ topics: ['t'] });
  return { memberId, memberMetadata: metadata };
}

async function assign(members: { memberId: string; memberMetadata: Buffer }[]): Promise<Record<string, unknown>> {
  const assigned = await oneOwner(() => 0)({ cluster, groupId: 'g', logger: null as never }).assign({ members, topics: ['t'] });
  return Object.fromEntries(assigned.map(({ memberId, memberAssignment }) => [memberId, MemberAssignment.decode(memberAssignment)?.assignment]));
}

describe('the assigner', () => {
  test('gives one member all partitions and the others none', async () => {
    expect(await assign([member('b', 0), member('a', 0)])).toEqual({ a: { t: [0, 1, 2] }, b: {} });
  });

  test('leaves them with the member that holds the state, whatever the names', async () => {
    expect(await assign([member('a', 0), member('z', 7), member('b', 0)])).toEqual({ a: {}, b: {}, z: { t: [0, 1, 2] } });
  });

  test('of two that claim takes the later owner', () => {
    expect(
      chooseOwner([
        { memberId: 'a', claim: 7 },
        { memberId: 'b', claim: 8 },
      ]),
    ).toBe('b');
    expect(chooseOwner([])).toBeUndefined();
  });

  test('reads a claim that it does not understand as none', async () => {
    const odd = { memberId: 'odd', memberMetadata: MemberMetadata.encode({ version: 1, topics: ['t'], userData: Buffer.from('99999999999999999999') }) };
    expect(await assign([odd, member('z', 1)])).toEqual({ odd: {}, z: { t: [0, 1, 2] } });
  });

  test('the claim is asked anew at each join', () => {
    let claim = 1;
    const assigner = oneOwner(() => claim)({ cluster, groupId: 'g', logger: null as never });
    const said = (): string | undefined => MemberMetadata.decode(assigner.protocol({ topics: ['t'] }).metadata)?.userData.toString();
    expect(said()).toBe('1');
    claim = 2;
    expect(said()).toBe('2');
  });
});
